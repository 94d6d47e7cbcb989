import { HearthError } from '../../agent/contract/errors.ts'
import type { Agent, AttachedTerminal } from '../core/ports/agent.ts'
import { quoteCommand } from '../core/servers/shell-quote.ts'
import { type Answer, appOption, type Call, type Command } from './command.ts'
import type { Console } from './console.ts'

const run: Command = {
  name: 'run',
  parameters: '[--] COMMAND...',
  summary: 'a command in a dyno of its own, with your terminal; ends with its exit code',
  options: {
    ...appOption,
    size: { type: 'string', placeholder: 'SIZE', summary: 'the size of the dyno' },
  },
  words: [1, Number.POSITIVE_INFINITY],
  takesCommandLine: true,
  async run(call) {
    const session = await call.session()
    const { agent, app } = await session.app(call.values)
    const { input, output, isJson } = call.console
    // A program on either side gets pipes: a terminal would add colours, echo and carriage returns.
    const hasTerminal = input.isTTY === true && output.isTTY === true && !isJson
    const size = call.values.text('size')
    const dyno = await agent.call(
      'createDyno',
      { app: app.id },
      {
        attach: true,
        // One word is a line for the dyno's shell; several are a command and its arguments.
        command: call.words.length === 1 ? (call.words[0] ?? '') : quoteCommand(call.words),
        env: hasTerminal ? { TERM: 'xterm-256color' } : {},
        ...(size === undefined ? {} : { size }),
      },
    )
    if (dyno.attach_url === null) throw new HearthError('internal', `The dyno ${dyno.name} has no terminal.`)
    if (!hasTerminal) return joinPipes(call, { agent, url: dyno.attach_url, dyno: dyno.name })
    const { columns, rows } = output
    const terminal = await agent.attach(dyno.attach_url, { kind: 'pty', columns, rows })
    return joinTerminal(call, terminal, (window) => {
      void agent.call('resizeDyno', { app: app.id, dyno: dyno.id }, window).catch(ignoreEnded)
    })
  },
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
