import { HearthError } from '../../agent/contract/errors.ts'
import type { Answer, Command } from './command.ts'
import { Console } from './console.ts'
import { groups } from './groups.ts'
import { renderCommandHelp, renderHelp } from './help.ts'
import { findCommand, type ParsedCommand, parseCommandLine } from './parse.ts'
import type { Session } from './session.ts'

export interface CommandLine {
  readonly parameters: readonly string[]
  readonly directory: string
  readonly version: string
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  readonly leaveInterrupts: () => void
  openSession(console: Console, signal: AbortSignal): Promise<Session>
}

const commands: readonly Command[] = groups.flatMap((group) => group.commands)

/** Runs one command line to its exit code. */
export async function runCommandLine(line: CommandLine): Promise<number> {
  // Before anything is parsed, so that a mistake in the command line is told in the form that was asked for.
  const console = new Console(line.parameters.includes('--json'))
  try {
    return await runParsed(line, console)
  } catch (error) {
    process.stderr.write(describeError(error, console.isJson))
    return line.signal.aborted ? 130 : 1
  }
}

async function runParsed(line: CommandLine, console: Console): Promise<number> {
  const [first, ...rest] = line.parameters
  if (first === '--version') return print(console, `${line.version}\n`)
  if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && rest.length === 0))
    return print(console, renderHelp(groups))
  if (first === 'help') return print(console, renderCommandHelp(findCommand(commands, rest).command))
  const parsed = parseCommandLine(commands, line.parameters)
  if (parsed.values.has('help')) return print(console, renderCommandHelp(parsed.command))
  return runWithSession(line, parsed, new Console(parsed.values.has('json')))
}

async function runWithSession(line: CommandLine, parsed: ParsedCommand, console: Console): Promise<number> {
  const { command, words, values } = parsed
  const { directory, signal, leaveInterrupts } = line
  let opened: Promise<Session> | undefined
  const session = () => {
    opened ??= line.openSession(console, signal)
    return opened
  }
  try {
    const answer = await command.run({ words, values, console, directory, signal, leaveInterrupts, session })
    if (answer) await show(console, answer)
    return answer?.exitCode ?? 0
  } finally {
    await opened?.then((one) => one.close())
  }
}

async function show(console: Console, { data, text }: Answer): Promise<void> {
  await console.write(console.isJson ? `${JSON.stringify(data)}\n` : text)
}

async function print(console: Console, text: string): Promise<number> {
  await console.write(text)
  return 0
}

/** What is ours is said as it is; what nobody expected keeps its trace, for a report. */
export function describeError(error: unknown, isJson: boolean): string {
  const known = error instanceof HearthError ? error : null
  const message = error instanceof Error ? error.message : String(error)
  if (isJson) return `${JSON.stringify({ id: known?.id ?? 'internal', message })}\n`
  if (known) return `hearth: ${message}\n`
  return `hearth: Something unexpected went wrong.\n${error instanceof Error ? (error.stack ?? message) : message}\n`
}
