import type { ReactNode } from 'react'
import type { Server } from '../../../electron/bridge/contract.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { serverCommands } from '../../commands/places/server-commands.ts'
import { CopyButton } from '../../components/actions/copy-button.tsx'
import { Ago } from '../../components/ago.tsx'
import { Panel } from '../../components/page/panel.tsx'
import styles from './server.module.css'

const runners = {
  systemd: 'systemd: each dyno is a unit of its own',
  process: 'plain processes under the agent',
} as const

/** What runs there, and how apps are kept apart. */
export function AgentPanel({ server }: { server: Server }) {
  const { agent } = server
  const address =
    server.kind === 'embedded' ? 'this computer, no network' : `${server.user}@${server.host}:${server.port}`
  const facts: [string, ReactNode][] = [['Address', address]]
  if (agent)
    facts.push(
      ['Agent', `${agent.version} (protocol ${agent.protocol})`],
      ['Operating system', `${agent.operating_system}, ${agent.architecture}`],
      ['Runner', runners[agent.runner]],
      ['Sandbox', agent.sandbox],
      ['Stack', agent.stack],
      ['Router', describeRouter(agent.router)],
      ...namesOf(agent.router),
      ['Signing key', <SigningKey key="key" text={agent.public_key} />],
      ['Up since', <Ago key="started" at={agent.started_at} />],
    )
  return (
    <Panel
      title="Agent"
      hint={agent && server.connection.state !== 'online' ? 'as last seen' : undefined}
      actions={
        server.kind === 'ssh' && (
          <CommandButton size="compact-xs" command={serverCommands.install} subject={{ server }} />
        )
      }
    >
      <dl className={styles.facts}>
        {facts.map(([term, value]) => (
          <div key={term} style={{ display: 'contents' }}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function describeRouter({ state, host, port, version }: NonNullable<Server['agent']>['router']): string {
  return `${[state, version].filter(Boolean).join(', ')}, ${host}:${port}`
}

/** Under which each app is found without anybody's DNS; an older agent does not tell. */
function namesOf({ names = [] }: NonNullable<Server['agent']>['router']): [string, ReactNode][] {
  return names.length === 0 ? [] : [['Names of apps', names.map((name) => name.replace('{app}', '<app>')).join(', ')]]
}

function SigningKey({ text }: { text: string }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, maxWidth: '100%' }}>
      <span className="mono truncate">{text}</span>
      <CopyButton text={text} label="Copy signing key" />
    </span>
  )
}
