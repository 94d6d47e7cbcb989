import { HearthError } from '../../../agent/contract/errors.ts'
import type { Release, ReleaseState } from '../../../agent/contract/releases/release.ts'
import { listReleaseStates } from '../../core/ledger/release-history.ts'
import type { Agent } from '../../core/ports/agent.ts'
import { appOption, type Command } from '../command.ts'
import { formatMoment, renderTable } from '../table.ts'

const releases: Command = {
  name: 'releases',
  summary: 'what an app ran and runs, newest first',
  options: appOption,
  async run({ values, session: open }) {
    const { agent, app } = await (await open()).app(values)
    const [releases, states] = await Promise.all([
      agent.call('listReleases', { app: app.id }),
      listReleaseStates(agent, app.id),
    ])
    const found = joinStates(releases, states)
    const rows = found.map((release) => [
      `v${release.version}`,
      release.current ? 'current' : release.status === 'succeeded' ? '' : release.status,
      formatMoment(release.created_at),
      release.user.email,
      describeRelease(release),
      describeState(release),
    ])
    const header = ['release', '', 'when (UTC)', 'by', 'what', 'note']
    return { data: found, text: renderTable(header, rows, 'No releases yet.') }
  },
}

const rollback: Command = {
  name: 'rollback',
  parameters: '[vN]',
  summary: 'a new release that repeats an old one; without a number the one before',
  options: appOption,
  words: [0, 1],
  async run({ words: [to], values, signal, session: open }) {
    const session = await open()
    const { agent, app } = await session.app(values)
    session.warnIfTemporary()
    const version = to === undefined ? await versionBefore(agent, app.id) : readVersion(to)
    const begun = await agent.call('createRelease', { app: app.id }, { release: version })
    const release = await settleRelease(agent, app.id, begun, signal)
    await session.syncLedger(agent)
    return { data: release, text: `Rolled ${app.name} back to v${version}, which is v${release.version} now.\n` }
  },
}

type JoinedRelease = Release & Pick<ReleaseState, 'reason' | 'rollback_obstacle' | 'source'>

/** Newest first, each with how it went. */
export function joinStates(releases: readonly Release[], states: readonly ReleaseState[]): JoinedRelease[] {
  const stateOf = new Map(states.map((state) => [state.version, state]))
  return releases
    .map((release) => {
      const { reason = null, rollback_obstacle = null, source = null } = stateOf.get(release.version) ?? {}
      return { ...release, reason, rollback_obstacle, source }
    })
    .sort((a, b) => b.version - a.version)
}

/** What it changed, and of a push the commit's first line. */
export function describeRelease({ description, source }: Pick<JoinedRelease, 'description' | 'source'>): string {
  if (source?.kind !== 'git') return description
  return `${description}${source.description ? `: ${source.description}` : ''} (git push)`
}

/** Why it failed, else why there is no way back to it; one line. */
export function describeState({ current, reason, rollback_obstacle }: JoinedRelease): string {
  if (reason !== null) return `failed: ${reason.replace(/\s+/g, ' ')}`
  return current || rollback_obstacle === null ? '' : `no way back: ${rollback_obstacle}`
}

async function versionBefore(agent: Agent, app: string): Promise<number> {
  const releases = await agent.call('listReleases', { app })
  const current = releases.find((release) => release.current)?.version ?? 0
  const earlier = releases.filter((release) => release.eligible_for_rollback && release.version < current)
  const before = Math.max(0, ...earlier.map((release) => release.version))
  if (before > 0) return before
  throw new HearthError('invalid_params', 'There is no earlier release to go back to.')
}

export function readVersion(text: string): number {
  const version = /^v?(\d{1,9})$/.exec(text)?.[1]
  if (version !== undefined) return Number(version)
  throw new HearthError('bad_request', `"${text}" is no release. A release is said like this: v3`)
}

/** A release is made at once and takes effect step by step; this waits for the last one. */
export async function settleRelease(agent: Agent, app: string, begun: Release, signal: AbortSignal): Promise<Release> {
  let release = begun
  while (release.status === 'pending') {
    signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, 100))
    release = await agent.call('getRelease', { app, release: release.id })
  }
  if (release.status === 'succeeded') return release
  const { name } = release.app
  const reason = (await listReleaseStates(agent, app)).find(({ version }) => version === release.version)?.reason
  const why = reason ? `: ${reason.replace(/\.$/, '')}. What` : '; what'
  throw new HearthError(
    'conflict',
    `v${release.version} of ${name} failed${why} served before still does. See: hearth logs --app ${name}`,
  )
}

export const releaseCommands: readonly Command[] = [releases, rollback]
