import { HearthError } from '../../../agent/contract/errors.ts'
import { appOption, type Command } from '../command.ts'

const logs: Command = {
  name: 'logs',
  summary: 'what an app, its router and its platform wrote',
  options: {
    ...appOption,
    tail: { type: 'boolean', short: 't', summary: 'and what they write from now on, until Ctrl-C' },
    lines: { type: 'string', short: 'n', placeholder: 'N', summary: 'so many of the last lines: 100, at most 1500' },
    dyno: {
      type: 'string',
      short: 'd',
      placeholder: 'NAME',
      summary: 'one dyno (web.1), a process type (web), or router',
    },
    source: { type: 'string', placeholder: 'app|heroku', summary: 'only the app, or only the platform' },
  },
  async run({ values, console, signal, session: open }) {
    const filter = readFilter(values.text('lines'), values.text('source'), values.text('dyno'))
    const session = await open()
    const { agent, app } = await session.app(values)
    const tail = values.has('tail')
    if (tail) session.warnIfTemporary()
    const { logplex_url: url } = await agent.call('createLogSession', { app: app.id }, { ...filter, tail })
    const render = console.isJson ? jsonLines() : (bytes: Uint8Array) => bytes
    for await (const bytes of agent.readStream(url, signal)) await console.write(render(bytes))
    return undefined
  },
}

function readFilter(lines = '100', source: string | undefined, dyno: string | undefined) {
  const count = Number(lines)
  if (!Number.isInteger(count) || count < 0 || count > 1500)
    throw new HearthError('bad_request', `--lines ${lines}: a number from 0 to 1500 is meant.`)
  if (source !== undefined && source !== 'app' && source !== 'heroku')
    throw new HearthError('bad_request', `--source ${source}: app or heroku is meant.`)
  return { lines: count, ...(source === undefined ? {} : { source }), ...(dyno === undefined ? {} : { dyno }) }
}

/** Whole lines as one JSON object each; what is cut in the middle of a chunk waits for its rest. */
export function jsonLines(): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder()
  let rest = ''
  return (bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    return lines.map((line) => `${JSON.stringify(parseLogLine(line))}\n`).join('')
  }
}

export interface LogLine {
  readonly at: string | null
  readonly source: string | null
  readonly process: string | null
  readonly text: string
}

/** `2026-11-21T03:45:12.123456+00:00 app[web.1]: text` */
export function parseLogLine(line: string): LogLine {
  const match = /^(\d{4}-\S+) (\w+)\[([^\]]+)\]: (.*)$/s.exec(line)
  const [, at = null, source = null, process = null, text = line] = match ?? []
  return { at, source, process, text }
}

export const logCommands: readonly Command[] = [logs]
