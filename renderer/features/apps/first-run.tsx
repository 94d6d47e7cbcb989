import { Button } from '@mantine/core'
import { IconFlask, IconServer2 } from '@tabler/icons-react'
import type { CallResult, Server } from '../../../electron/bridge/contract.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { desktopCommands } from '../../commands/places/desktop-commands.ts'
import { theDesktop } from '../../commands/subject.ts'
import { ChooseFolder } from '../../components/actions/choose-folder.tsx'
import { HearthMark } from '../../components/hearth-mark.tsx'
import { Page } from '../../components/page/page.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { describeConnection } from '../../lib/status.ts'
import { type DroppedFolder, setDropped } from '../../stores/dropped-folder.ts'
import { useResource } from '../../stores/resources.ts'
import { go } from '../../stores/route.ts'
import styles from './apps.module.css'

type Sample = CallResult<'desktop.about'>['samples'][number]

const deploy = (dropped: DroppedFolder) => {
  setDropped(dropped)
  go({ screen: 'new-app' })
}

/** Nothing is deployed yet: one thing to do, and two other ways to begin. */
export function FirstRun({ servers }: { servers: Server[] }) {
  const embedded = servers.find(({ kind }) => kind === 'embedded')
  const samples = useResource('desktop.about', {}).data?.samples ?? []
  return (
    <Page title="Welcome to Hearth">
      <div className={styles.hero}>
        <HearthMark size={52} />
        <h2 className={styles.heroTitle}>Drop a folder, get a URL</h2>
        <p className={styles.heroText}>
          Drag your app’s source folder onto this window. Hearth builds it, starts it and gives you an address, on this
          computer first and on your own servers when you like.
        </p>
        {embedded && <EmbeddedState server={embedded} />}
        <div className={styles.heroActions}>
          <ChooseFolder size="sm" onChoose={deploy} />
        </div>
      </div>
      <div className={styles.options}>
        {embedded && samples.length > 0 && <SampleOption samples={samples} serverId={embedded.id} />}
        <div className={styles.option}>
          <IconServer2 size={22} stroke={1.6} aria-hidden="true" />
          <div>
            <strong>Your own server</strong>
            <p>Any Debian or Ubuntu machine that you reach by SSH.</p>
          </div>
          <CommandButton command={desktopCommands['add-server']} subject={theDesktop} />
        </div>
      </div>
    </Page>
  )
}

/** One click, no question: the first sample; the others for whoever speaks another language. */
function SampleOption({ samples: [first, ...others], serverId }: { samples: Sample[]; serverId: string }) {
  if (!first) return null
  const take = (name: string) => deploy({ kind: 'folder', name, folder: { kind: 'sample', name }, deployTo: serverId })
  return (
    <div className={styles.option}>
      <IconFlask size={22} stroke={1.6} aria-hidden="true" />
      <div>
        <strong>{first.title}</strong>
        <p>{first.description}</p>
        {others.length > 0 && (
          <p className={styles.others}>
            Or:
            {others.map(({ name, title, description }) => (
              <Button
                key={name}
                variant="default"
                size="compact-xs"
                title={description}
                aria-label={`Deploy ${title}`}
                onClick={() => take(name)}
              >
                {title}
              </Button>
            ))}
          </p>
        )}
      </div>
      <Button variant="default" onClick={() => take(first.name)}>
        Deploy sample
      </Button>
    </div>
  )
}

function EmbeddedState({ server }: { server: Server }) {
  const { tone, label } = describeConnection(server)
  const { connection } = server
  const text =
    connection.state === 'online'
      ? `${server.name} is ready`
      : 'reason' in connection && connection.reason
        ? `${server.name}: ${connection.reason}`
        : `${server.name}: ${label}`
  return <StatusMark tone={tone} label={text} showLabel />
}
