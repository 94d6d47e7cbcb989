import type { Dyno } from '../../../agent/contract/dynos/dyno.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Changes } from '../../core/changes.ts'
import type { Agent } from '../../core/ports/agent.ts'
import type { ConnectedServers } from '../../core/ports/connected-servers.ts'
import type { CallAnswers, StreamAnswers } from '../answers.ts'
import type { Pipe } from '../pipe.ts'

const encoder = new TextEncoder()

/** What changed, as lines, until the window closes. */
export function answerChanges(changes: Changes): Pick<StreamAnswers, 'changes'> {
  return {
    async changes(_, pipe) {
      const unsubscribe = changes.subscribe((change) => void pipe.write(encoder.encode(`${JSON.stringify(change)}\n`)))
      await aborted(pipe.signal)
      unsubscribe()
      return {}
    },
  }
}

export function answerLogs(servers: ConnectedServers): Pick<StreamAnswers, 'logs.follow'> {
  return {
    async 'logs.follow'({ serverId, app, lines, tail, source, process }, pipe) {
      const agent = servers.agent(serverId)
      const session = await agent.call(
        'createLogSession',
        { app },
        {
          lines,
          tail,
          ...(source === undefined ? {} : { source }),
          ...(process === undefined ? {} : { dyno: process }),
        },
      )
      for await (const bytes of agent.readStream(session.logplex_url, pipe.signal)) await pipe.write(bytes)
      return {}
    },
  }
}

interface OpenTerminal {
  readonly serverId: string
  readonly app: string
  readonly dyno: string
}

/** One-off dynos in terminals: the stream is the terminal, and its end is the dyno's. */
export function answerTerminals(
  servers: ConnectedServers,
): Pick<StreamAnswers, 'terminals.open'> & Pick<CallAnswers, 'terminals.resize'> {
  const terminals = new Map<string, OpenTerminal>()
  return {
    async 'terminals.open'({ serverId, app, terminalId, columns, rows, ...wanted }, pipe) {
      const agent = servers.agent(serverId)
      const dyno = await createDyno(agent, app, wanted)
      if (!dyno.attach_url) throw new HearthError('internal', `The dyno ${dyno.name} has no terminal.`)
      const terminal = await agent.attach(dyno.attach_url, { kind: 'pty', columns, rows })
      terminals.set(terminalId, { serverId, app, dyno: dyno.id })
      pipe.signal.addEventListener('abort', () => terminal.close())
      try {
        void forwardInput(pipe, terminal)
        for await (const bytes of terminal.output) await pipe.write(bytes)
        return { exitCode: await terminal.exitCode }
      } finally {
        terminals.delete(terminalId)
      }
    },
    async 'terminals.resize'({ terminalId, columns, rows }) {
      const open = terminals.get(terminalId)
      // A terminal that has just ended needs no size.
      if (open)
        await servers.agent(open.serverId).call('resizeDyno', { app: open.app, dyno: open.dyno }, { columns, rows })
      return {}
    },
  }
}

interface WantedDyno {
  readonly command: string
  readonly size?: string | undefined
  readonly inside?: string | undefined
}

function createDyno(agent: Agent, app: string, { command, size, inside }: WantedDyno): Promise<Dyno> {
  const env = { TERM: 'xterm-256color' }
  if (inside !== undefined) return agent.call('runInsideDyno', { app, dyno: inside }, { command, env })
  return agent.call('createDyno', { app }, { attach: true, command, env, ...(size === undefined ? {} : { size }) })
}

async function forwardInput(
  pipe: Pipe,
  terminal: { write(bytes: Uint8Array): Promise<void>; end(): void },
): Promise<void> {
  try {
    for await (const bytes of pipe.bytes) await terminal.write(bytes)
    terminal.end()
  } catch {
    // The dyno ended before its input did; its exit code tells.
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
