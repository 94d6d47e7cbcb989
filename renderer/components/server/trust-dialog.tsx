import { Button, Group, Stack } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useState } from 'react'
import type { Server, TrustReport } from '../../../electron/bridge/contract.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import { CopyButton } from '../actions/copy-button.tsx'
import { ErrorNotice } from '../notices/error-notice.tsx'
import { LoadingRows } from '../page/loading-rows.tsx'
import { type BadgeTone, ToneBadge } from '../tone-badge.tsx'
import styles from './trust-dialog.module.css'

type Deed = 'trust' | 'distrust'
type Step = TrustReport['steps'][number]

/** Shows what this computer would trust and how, does what it can on a yes, and says what became of it. */
export function openTrustDialog(server: Server, deed: Deed): void {
  const id = modals.open({
    title: deed === 'trust' ? `Trust ${server.name} on this computer` : `Trust ${server.name} no more`,
    size: 'lg',
    children: <TrustDialog serverId={server.id} deed={deed} onClose={() => modals.close(id)} />,
  })
}

function TrustDialog({ serverId, deed, onClose }: { serverId: string; deed: Deed; onClose: () => void }) {
  const plan = useResource('trust.plan', { serverId, deed })
  const [result, setResult] = useState<TrustReport | null>(null)
  const carryOut = useAction(async () => setResult(await bridge().call('trust.carryOut', { serverId, deed })))
  const report = result ?? plan.data
  const canDo = plan.data?.steps.some(({ state }) => state === 'planned') ?? false
  return (
    <Stack gap={14}>
      <ErrorNotice error={plan.data ? null : plan.error} onRetry={plan.reload} />
      {!report && !plan.error && <LoadingRows rows={3} height={34} />}
      {report && <AuthorityFacts authority={report.authority} deed={deed} />}
      <ol className={styles.steps} aria-label="Steps">
        {report?.steps.map((step) => (
          <StepLine key={step.command} step={step} />
        ))}
      </ol>
      <ErrorNotice error={carryOut.error} onClose={carryOut.clearError} />
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          {result ? 'Close' : 'Cancel'}
        </Button>
        {canDo && !result && (
          <Button data-autofocus loading={carryOut.isRunning} onClick={() => void carryOut.run()}>
            {deed === 'trust' ? 'Trust it' : 'Take it out'}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function AuthorityFacts({ authority, deed }: { authority: TrustReport['authority']; deed: Deed }) {
  const names = authority.domains.map((domain) => `*.${domain}`).join(', ')
  return (
    <>
      <p className={styles.lead}>
        {deed === 'trust'
          ? `Browsers of this computer then show no warning for https on ${names} and private addresses that this server answers. It can speak for no other name.`
          : 'Browsers of this computer then warn again where this server signed a certificate itself.'}
      </p>
      <dl className={styles.facts}>
        <dt>Authority</dt>
        <dd>{authority.name}</dd>
        <dt>SHA-256</dt>
        <dd className="mono">{authority.fingerprint}</dd>
        <dt>Until</dt>
        <dd>{new Date(authority.expires_at).toLocaleDateString(undefined, { dateStyle: 'medium' })}</dd>
      </dl>
    </>
  )
}

const stateBadges: Record<Step['state'], [BadgeTone, string]> = {
  planned: ['quiet', 'Hearth does this'],
  administrator: ['warning', 'for you to run'],
  done: ['up', 'done'],
  failed: ['bad', 'failed'],
  missing: ['warning', 'not possible here'],
}

function StepLine({ step: { title, command, state, message } }: { step: Step }) {
  const [tone, text] = stateBadges[state]
  return (
    <li className={styles.step}>
      <span className={styles.title}>
        {title}
        <ToneBadge tone={tone}>{text}</ToneBadge>
      </span>
      {message && <span className="dim">{message}</span>}
      {state !== 'done' && (
        <span className={styles.command}>
          <code>{command}</code>
          <CopyButton text={command} label="Copy the command" />
        </span>
      )}
    </li>
  )
}
