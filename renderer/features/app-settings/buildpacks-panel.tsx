import { ActionIcon } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { changeBuildpacks } from '../../commands/acts/buildpacks.ts'
import { Panel } from '../../components/page/panel.tsx'
import { isOfImages } from '../../lib/apps/stack.ts'
import { targetOf } from '../../lib/apps/target.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { useObstacle } from '../../stores/access.ts'
import { useResource } from '../../stores/resources.ts'
import { AddField } from './add-field.tsx'
import styles from './app-settings.module.css'
import { Pending } from './pending.tsx'

/** The ordered list that the next build uses. */
export function BuildpacksPanel({ summary }: { summary: AppSummary }) {
  const target = targetOf(summary)
  const { name: stack } = summary.app.build_stack
  const installed = useResource('buildpacks.list', target)
  const { data } = installed
  const [added, setAdded] = useState('')
  const urls = data?.map(({ buildpack }) => buildpack.url) ?? []
  const change = useAction(async (buildpacks: string[]) => {
    await changeBuildpacks(target, urls, buildpacks)
    setAdded('')
  })
  const obstacle = useObstacle(summary, 'deploy')
  const isReadOnly = obstacle !== null || change.isRunning
  return (
    <Panel title="Buildpacks" hint="in the order in which they run at the next build" isFlush>
      <Pending summary={summary} of={installed} rows={1} />
      {isOfImages(stack) && (
        <div className={`${styles.row} dim`}>
          {stack === 'cnb'
            ? 'Without effect on the stack cnb: its builder has its own, and project.toml chooses among them.'
            : `Without effect on the stack ${stack}.`}
        </div>
      )}
      {data?.length === 0 && !isOfImages(stack) && (
        <div className={`${styles.row} dim`}>None chosen: the language is recognised from the files at each build.</div>
      )}
      <ol className={styles.list} aria-label="Buildpacks">
        {urls.map((url, at) => (
          <li key={url} className={styles.row}>
            <span className="dim num">{at + 1}</span>
            <span className={`${styles.grow} truncate mono`}>{url}</span>
            <ActionIcon
              size={24}
              aria-label={`Move ${url} up`}
              disabled={isReadOnly || at === 0}
              onClick={() => void change.run(swap(urls, at, at - 1))}
            >
              <IconArrowUp size={14} />
            </ActionIcon>
            <ActionIcon
              size={24}
              aria-label={`Move ${url} down`}
              disabled={isReadOnly || at === urls.length - 1}
              onClick={() => void change.run(swap(urls, at, at + 1))}
            >
              <IconArrowDown size={14} />
            </ActionIcon>
            <ActionIcon
              size={24}
              aria-label={`Remove ${url}`}
              disabled={isReadOnly}
              onClick={() => void change.run(urls.filter((each) => each !== url))}
            >
              <IconTrash size={14} />
            </ActionIcon>
          </li>
        ))}
      </ol>
      <AddField
        label="Buildpack"
        placeholder="hearth/node, a git URL with an optional #ref, or a folder on the server"
        verb="Add buildpack"
        value={added}
        onChange={setAdded}
        obstacle={obstacle}
        action={change}
        onSubmit={() => void change.run([...urls, added.trim()])}
      />
    </Panel>
  )
}

function swap(list: string[], from: number, to: number): string[] {
  const moved = list.toSpliced(from, 1)
  return moved.toSpliced(to, 0, list[from] ?? '')
}
