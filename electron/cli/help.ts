import type { Command, CommandOptions } from './command.ts'
import { commonOptions } from './parse.ts'
import { renderRows } from './table.ts'

export interface CommandGroup {
  readonly title: string
  readonly commands: readonly Command[]
}

const head = `Hearth without a window: the same servers, apps and ledger.

Usage: hearth COMMAND [options]     (npm run -s hearth -- COMMAND [options])
`

const foot = `Every command takes --json and --help. An app is named by --app, a server by --server; where only one can be meant,
neither is needed. Errors end with exit code 1; hearth run ends with the exit code of its command.
`

export function renderHelp(groups: readonly CommandGroup[]): string {
  const sections = groups.map(({ title, commands }) => {
    const rows = commands.map((command) => [usageOf(command), command.summary])
    return `${title}\n${renderRows(rows, '  ', 34)}`
  })
  return [head, ...sections, foot].join('\n')
}

export function renderCommandHelp(command: Command): string {
  const options = renderOptions({ ...command.options, ...commonOptions })
  return `hearth ${usageOf(command)}\n\n${command.summary}\n\nOptions\n${options}`
}

function usageOf({ name, parameters }: Command): string {
  return parameters === undefined ? name : `${name} ${parameters}`
}

function renderOptions(options: CommandOptions): string {
  const rows = Object.entries(options).map(([name, { short, placeholder, type, summary }]) => {
    const value = type === 'string' ? ` ${placeholder ?? 'VALUE'}` : ''
    return [`${short === undefined ? '    ' : `-${short}, `}--${name}${value}`, summary]
  })
  return renderRows(rows, '  ')
}
