import type { ApiPorts } from '../../core/client/api-ports.ts'
import type { ApiToken } from '../../core/client/api-token.ts'
import type { ClientSetup } from '../../core/client/client-setup.ts'
import type { Environment } from '../../core/client/environment.ts'
import type { LocalShells } from '../../core/client/local-shells.ts'
import { renderEnvironment } from '../../core/client/render-environment.ts'
import type { LastFolders } from '../../core/deploy/last-folders.ts'
import { drained } from '../../core/drained.ts'
import type { GitCheckouts } from '../../core/git/git-checkouts.ts'
import type { GitRemotes } from '../../core/git/git-remote.ts'
import type { RemoteAddresses } from '../../core/git/remote-address.ts'
import type { LocalTerminal } from '../../core/ports/local-terminal.ts'
import { quoteCommand } from '../../core/servers/shell-quote.ts'
import type { CallAnswers, StreamAnswers } from '../answers.ts'
import type { Pipe } from '../pipe.ts'

export interface ClientTopicOptions {
  readonly client: ClientSetup
  readonly apiToken: ApiToken
  readonly apiPorts: ApiPorts
  readonly gitRemotes: GitRemotes
  readonly gitCheckouts: GitCheckouts
  readonly remoteAddresses: RemoteAddresses
  readonly lastFolders: LastFolders
  readonly isApiServed: (serverId: string) => Promise<boolean>
  readonly nameOf: (serverId: string) => string
  readonly environment: Environment
}

type Names =
  | 'client.get'
  | 'client.environment'
  | 'client.revokeToken'
  | 'git.get'
  | 'git.addRemote'
  | 'git.undoRemote'
  | 'git.branches'
  | 'git.checkOut'
  | 'shells.resize'

/** What the heroku client and git on this computer need, and terminals in which they have it. */
export function answerClient(
  options: ClientTopicOptions,
  shells: LocalShells,
): Pick<CallAnswers, Names> & Pick<StreamAnswers, 'shells.open'> {
  const { client, apiToken, gitRemotes, gitCheckouts, remoteAddresses, lastFolders, environment } = options
  const terminals = new Map<string, LocalTerminal>()
  return {
    'client.get': async ({ serverId }) => ({
      address: `http://127.0.0.1:${client.portOf(serverId)}`,
      movedFrom: options.apiPorts.get(serverId)?.movedFrom ?? null,
      isServed: await options.isApiServed(serverId),
      hasHeroku: await shells.hasHeroku(),
      shellCommand: `npm run hearth -- ${quoteCommand(['shell', '--server', options.nameOf(serverId)])}`,
      token: { createdAt: apiToken.createdAt, lastUse: await apiToken.lastUse() },
    }),
    async 'client.environment'({ serverId, app, syntax }) {
      const prepared = await client.prepare(serverId, app, environment)
      return { text: renderEnvironment(prepared.environment, syntax) }
    },
    async 'client.revokeToken'() {
      await client.revokeToken(environment)
      return {}
    },
    'git.get': async ({ serverId, app }) => ({
      addresses: remoteAddresses.all(serverId, app),
      lastFolder: await lastFolders.of(serverId, app),
    }),
    async 'git.addRemote'(request) {
      await client.writeFiles(environment)
      const { commands, notes, undo, ...added } = await gitRemotes.add(request)
      return { ...added, commands: [...commands], notes: [...notes], undo: [...undo] }
    },
    async 'git.undoRemote'({ id }) {
      await gitRemotes.undo(id)
      return {}
    },
    'git.branches': ({ location }) => gitCheckouts.branches(location),
    async 'git.checkOut'({ location, branch }) {
      const { id: checkoutId, name, commit, subject } = await gitCheckouts.checkOut(location, branch)
      return { checkoutId, name, branch, commit, subject }
    },
    'shells.resize'({ terminalId, columns, rows }) {
      terminals.get(terminalId)?.resize({ columns, rows })
      return {}
    },
    async 'shells.open'({ serverId, app, terminalId, columns, rows }, pipe) {
      const terminal = await shells.open({ serverId, app, size: { columns, rows } })
      terminals.set(terminalId, terminal)
      try {
        return { exitCode: await joinShell(terminal, pipe) }
      } finally {
        terminals.delete(terminalId)
        terminal.close()
      }
    },
  }
}

/** For what the last program on the terminal wrote; one that goes on in the background has the terminal open for ever. */
const lastWordsMs = 300

async function joinShell(terminal: LocalTerminal, pipe: Pipe): Promise<number> {
  // The window went, and with it whoever could type.
  pipe.signal.addEventListener('abort', () => terminal.close())
  if (pipe.signal.aborted) terminal.close()
  void forwardInput(pipe, terminal)
  const shown = forwardOutput(terminal, pipe)
  const exitCode = await terminal.exit
  await Promise.race([shown, new Promise((resolve) => setTimeout(resolve, lastWordsMs))])
  return exitCode
}

async function forwardInput({ bytes }: Pipe, { stream }: LocalTerminal): Promise<void> {
  try {
    for await (const chunk of bytes) {
      if (stream.destroyed) return
      if (!stream.write(chunk)) await drained(stream)
    }
  } catch {
    // The shell ended before its input did; its exit code tells.
  }
}

/** A terminal without programs ends with an error of its own; what matters is that it has ended. */
async function forwardOutput({ stream }: LocalTerminal, pipe: Pipe): Promise<void> {
  try {
    for await (const chunk of stream) await pipe.write(chunk as Uint8Array)
  } catch {
    return
  }
}
