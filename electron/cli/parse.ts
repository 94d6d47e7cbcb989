import { parseArgs } from 'node:util'
import { HearthError } from '../../agent/contract/errors.ts'
import { closest } from './closest.ts'
import { type Command, type CommandOptions, Values } from './command.ts'

export const commonOptions: CommandOptions = {
  json: { type: 'boolean', summary: 'one JSON document (streams: one a line); errors as JSON on standard error' },
  help: { type: 'boolean', short: 'h', summary: 'how to use this command' },
}

export interface ParsedCommand {
  readonly command: Command
  readonly words: readonly string[]
  readonly values: Values
}

/** Finds the command in the table; `config:set`, as Heroku writes it, is `config set`. */
export function findCommand(
  commands: readonly Command[],
  words: readonly string[],
): { command: Command; used: number } {
  const [first = '', second = ''] = words
  const colon = first.split(':')
  const candidates: [name: string, used: number][] =
    colon.length === 2
      ? [[colon.join(' '), 1]]
      : [
          [`${first} ${second}`, 2],
          [first, 1],
        ]
  for (const [name, used] of candidates) {
    const command = commands.find((one) => one.name === name)
    if (command) return { command, used }
  }
  const names = commands.map(({ name }) => name)
  const near = closest(first.replace(':', ' '), names)
  const hint = near === null ? '' : ` Did you mean ${near}?`
  throw new HearthError('bad_request', `There is no command ${first}.${hint} See: hearth help`)
}

export function parseCommandLine(commands: readonly Command[], parameters: readonly string[]): ParsedCommand {
  const { command, used } = findCommand(commands, parameters)
  const options = { ...command.options, ...commonOptions }
  const rest = parameters.slice(used)
  const [own, commandLine] = command.takesCommandLine ? splitCommandLine(options, rest) : [rest, []]
  const { values, positionals } = parseStrictly(command, options, own)
  const words = [...positionals, ...commandLine]
  if (!values.help) checkWords(command, words)
  return { command, words, values: new Values(values) }
}

function parseStrictly(command: Command, options: CommandOptions, parameters: readonly string[]) {
  try {
    const parsed = parseArgs({ args: [...parameters], options: forParser(options), allowPositionals: true })
    return { values: parsed.values as Record<string, string | boolean | undefined>, positionals: parsed.positionals }
  } catch (error) {
    throw new HearthError('bad_request', `${explain(error as NodeJS.ErrnoException, options)} See: ${helpOf(command)}`)
  }
}

/** Node's own sentences are about its programmers' options; ours are about this command's. */
function explain(error: NodeJS.ErrnoException, options: CommandOptions): string {
  const given = /'(-[^' ]+)/.exec(error.message)?.[1] ?? ''
  if (error.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `${error.message.split('\n')[0]?.replace(/\.$/, '')}.`
  const near = closest(
    given,
    Object.keys(options).map((name) => `--${name}`),
  )
  return `There is no option ${given} here.${near === null ? '' : ` Did you mean ${near}?`}`
}

function checkWords(command: Command, words: readonly string[]): void {
  const [minimum, maximum] = command.words ?? [0, 0]
  const usage = `Usage: hearth ${[command.name, command.parameters].filter(Boolean).join(' ')}`
  if (words.length < minimum) throw new HearthError('bad_request', `Something is missing. ${usage}`)
  if (!command.takesCommandLine && words.length > maximum)
    throw new HearthError('bad_request', `"${words[maximum]}" is too much here. ${usage}`)
}

/** `--app shop node --version`: the options up to the first word are ours, the rest is the dyno's. */
function splitCommandLine(options: CommandOptions, parameters: readonly string[]): [string[], string[]] {
  const parsed = parseArgs({
    args: [...parameters],
    options: forParser(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const first = parsed.tokens.find(({ kind }) => kind === 'positional' || kind === 'option-terminator')
  if (!first) return [[...parameters], []]
  const from = first.kind === 'option-terminator' ? first.index + 1 : first.index
  return [parameters.slice(0, first.index), parameters.slice(from)]
}

function forParser(options: CommandOptions) {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [name, short === undefined ? { type } : { type, short }]),
  )
}

function helpOf({ name }: Command): string {
  return `hearth ${name} --help`
}
