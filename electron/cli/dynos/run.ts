import type { Dyno } from '../../../agent/contract/dynos/dyno.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Agent, AttachedTerminal } from '../../core/ports/agent.ts'
import { quoteCommand } from '../../core/servers/shell-quote.ts'
import { type Answer, appOption, type Call, type Command } from '../command.ts'
import type { Console } from '../console.ts'

const run: Command = {
  name: 'run',
  parameters: '[--] COMMAND...',
  summary: 'a command in a dyno, with your terminal; ends with its exit code',
  options: {
    ...appOption,
    size: { type: 'string', placeholder: 'SIZE', summary: 'the size of the dyno' },
    inside: {
      type: 'string',
      placeholder: 'DYNO',
      summary: 'not in a dyno of its own, but inside one that runs: web.1',
    },
    detached: { type: 'boolean', summary: "in the background: what it writes is in the app's log" },
  },
  words: [1, Number.POSITIVE_INFINITY],
  takesCommandLine: true,
  async run(call) {
    const session = await call.session()
    const { agent, app } = await session.app(call.values)
    const { input, output, isJson } = call.console
    // A program on either side gets pipes: a terminal would add colours, echo and carriage returns.
    const hasTerminal = input.isTTY === true && output.isTTY === true && !isJson
    const dyno = await create(call, { agent, app: app.id, env: hasTerminal ? { TERM: 'xterm-256color' } : {} })
    if (call.values.has('detached')) {
      session.warnIfTemporary()
      const follow = `hearth logs --app ${app.name} --dyno ${dyno.name} --tail`
      return { data: dyno, text: `Running ${dyno.name} in the background. To see what it writes: ${follow}\n` }
    }
    if (dyno.attach_url === null) throw new HearthError('internal', `The dyno ${dyno.name} has no terminal.`)
    if (!hasTerminal) return joinPipes(call, { agent, url: dyno.attach_url, dyno: dyno.name })
    const { columns, rows } = output
    const terminal = await agent.attach(dyno.attach_url, { kind: 'pty', columns, rows })
    return joinTerminal(call, terminal, (window) => {
      void agent.call('resizeDyno', { app: app.id, dyno: dyno.id }, window).catch(ignoreEnded)
    })
  },
}

/** A dyno of its own, or one inside another. */
async function create(
  { words, values }: Call,
  { agent, app, env }: { agent: Agent; app: string; env: Record<string, string> },
): Promise<Dyno> {
  const [size, inside] = [values.text('size'), values.text('inside')]
  const attach = !values.has('detached')
  // One word is a line for the dyno's shell; several are a command and its arguments.
  const command = words.length === 1 ? (words[0] ?? '') : quoteCommand(words)
  if (inside === undefined) {
    return agent.call('createDyno', { app }, { attach, command, env, ...(size === undefined ? {} : { size }) })
  }
  if (size !== undefined || !attach) {
    throw new HearthError(
      'bad_request',
      `--inside ${inside} goes without --size and --detached: it is as large as ${inside}.`,
    )
  }
  return agent.call('runInsideDyno', { app, dyno: inside }, { command, env })
}

type Window = { columns: number; rows: number }

/** Every key is the dyno's, Ctrl-C too. */
async function joinTerminal(
  { console }: Call,
  terminal: AttachedTerminal,
  resize: (window: Window) => void,
): Promise<Answer> {
  const { input, output } = console
  const onKeys = (bytes: Buffer) => void terminal.write(bytes)
  const onResize = () => resize({ columns: output.columns, rows: output.rows })
  input.setRawMode(true)
  input.on('data', onKeys)
  output.on('resize', onResize)
  try {
    for await (const bytes of terminal.output) await console.write(bytes)
    return { data: null, text: '', exitCode: await terminal.exitCode }
  } finally {
    output.off('resize', onResize)
    input.off('data', onKeys)
    input.setRawMode(false)
    input.pause()
  }
}

async function joinPipes(
  { console, signal }: Call,
  { agent, url, dyno }: { agent: Agent; url: string; dyno: string },
): Promise<Answer> {
  const { isJson } = console
  const kept = { output: [] as Uint8Array[], errors: [] as Uint8Array[] }
  const onErrors = async (bytes: Uint8Array) =>
    void (isJson ? kept.errors.push(bytes) : await console.writeErrors(bytes))
  const terminal = await agent.attach(url, { kind: 'pipes', onErrors })
  signal.addEventListener('abort', () => terminal.close(), { once: true })
  void sendInput(console, terminal)
  for await (const bytes of terminal.output) {
    if (isJson) kept.output.push(bytes)
    else await console.write(bytes)
  }
  console.input.destroy()
  const exitCode = await terminal.exitCode
  const text = (pieces: Uint8Array[]) => Buffer.concat(pieces).toString('utf8')
  return { data: { dyno, exitCode, output: text(kept.output), errors: text(kept.errors) }, text: '', exitCode }
}

async function sendInput({ input }: Console, terminal: AttachedTerminal): Promise<void> {
  try {
    // From a terminal nothing is read: whoever runs a command in a script's middle does not type for it.
    if (!input.isTTY) for await (const bytes of input as AsyncIterable<Buffer>) await terminal.write(bytes)
  } catch {
    // The dyno ended before its input did; its exit code tells.
  }
  terminal.end()
}

/** A window that is resized as the dyno ends needs no answer. */
function ignoreEnded(error: unknown): void {
  if (!(error instanceof HearthError)) throw error
}

export const runCommands: readonly Command[] = [run]
