export interface SystemResult {
  /** `Debian 12` */
  readonly system: string
  readonly user: 'root' | 'debian'
  systemd: string
  /** Seconds a step. */
  readonly steps: Record<string, number>
  /** Why a step failed; null when all were gone through. */
  failure: string | null
}

const [begin, end] = ['<!-- results -->', '<!-- end of results -->']
const columns = ['install', 'deploy', 'redeploy', 'reboot', 'roll back'] as const

/** The page with these results; those of systems that were not tried this time stay. */
export function renderSystems(page: string, results: readonly SystemResult[]): string {
  const head = ['system', 'systemd', 'logged in as', ...columns.map((name) => `${name} (s)`), 'result']
  const rows = results.map(({ system, systemd, user, steps, failure }) => [
    system,
    systemd,
    user === 'root' ? 'root' : 'a user with sudo',
    ...columns.map((name) => steps[name]?.toFixed(1) ?? '-'),
    failure?.replaceAll('|', '\\|') ?? 'works',
  ])
  const [before = '', rest = ''] = page.split(begin)
  const [old = '', after = ''] = rest.split(end)
  const nameOf = (line: string) =>
    line
      .split(' | ')
      .filter((_, at) => at === 0 || at === 2)
      .join()
  const written = rows.map((row) => `| ${row.join(' | ')} |`)
  const kept = old
    .split('\n')
    .filter((line) => /^\| [A-Z]/.test(line) && !written.some((row) => nameOf(row) === nameOf(line)))
  const table = [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...[...kept, ...written].sort()].join(
    '\n',
  )
  return `${before}${begin}\n\n${table}\n\n${end}${after}`
}
