import type { ServerDiagnostics } from '../contract/server/diagnostics.ts'
import type { OperatorLog } from '../core/ports/logs/operator-log.ts'
import { runCommand } from '../exec/command.ts'

const units = ['hearth-agent.service', 'hearth-router.service', 'hearth-router.socket']
const properties = ['Id', 'ActiveState', 'SubState', 'Result', 'NRestarts', 'ActiveEnterTimestamp']
const journalLines = 1000
const timeoutMs = 15_000

/** The units that the installer made; dynos' output is none of it. */
export const unitLog: OperatorLog = {
  async read() {
    const options = { timeoutMs, maximumOutputBytes: 512 * 1024 }
    const show = ['systemctl', 'show', `--property=${properties.join(',')}`, '--', ...units] as const
    const journal = ['journalctl', '--quiet', '--no-pager', '--output=short-iso', `--lines=${journalLines}`] as const
    const [shown, written] = await Promise.all([
      runCommand(show, options),
      // Without a journal on the disk, or one that is damaged, the rest still tells.
      runCommand([...journal, ...units.map((unit) => `--unit=${unit}`)], options).catch(() => null),
    ])
    return { units: parseUnits(shown.stdout), journal: written?.stdout ?? '' }
  },
}

/** `Name=value` lines, an empty line between two units. */
export function parseUnits(text: string): ServerDiagnostics['units'] {
  return text
    .split(/\n\s*\n/)
    .map((block) => new Map(block.split('\n').map((line) => splitOnce(line, '='))))
    .filter((values) => values.has('Id'))
    .map((values) => ({
      name: values.get('Id') ?? '',
      state: values.get('ActiveState') ?? '',
      detail: values.get('SubState') ?? '',
      result: values.get('Result') ?? '',
      restarts: /^\d+$/.test(values.get('NRestarts') ?? '') ? Number(values.get('NRestarts')) : null,
      since: values.get('ActiveEnterTimestamp') || null,
    }))
}

function splitOnce(line: string, sign: string): [string, string] {
  const at = line.indexOf(sign)
  return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
}
