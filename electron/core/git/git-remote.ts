import { randomUUID } from 'node:crypto'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { RunProgram } from '../ports/run-program.ts'
import { quoteCommand, quoteWord } from '../servers/shell-quote.ts'
import { GitFolder } from './git-folder.ts'
import type { RemoteAddresses, RemoteForm } from './remote-address.ts'

export interface RemoteRequest {
  readonly folder: string
  readonly serverId: string
  readonly app: string
  /** `heroku` or `hearth`, or what the user likes. */
  readonly name: string
  readonly form: RemoteForm
}

/** What was done to a folder, word for word, and how it can be taken back. */
export interface AddedRemote {
  readonly id: string
  readonly folder: string
  readonly name: string
  readonly url: string
  /** The address before; null when there was no remote of that name. */
  readonly replaced: string | null
  readonly commands: readonly string[]
  /** What the user should know besides. */
  readonly notes: readonly string[]
  /** Who does not have Hearth at hand takes it back by these. */
  readonly undo: readonly string[]
}

export interface GitRemotesOptions {
  readonly run: RunProgram
  readonly addresses: RemoteAddresses
  /** What git must include to trust and prove itself at the gateway. */
  readonly ownGitConfig: string
  /** For `ssh -F`. */
  readonly sshConfig: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

const foreignAuthorities =
  'GIT_SSL_CAINFO is set in your environment, and git heeds it more than its configuration: this remote works in a ' +
  'terminal that Hearth opened, or with ssh.'

type Parameters = readonly string[]

const kept = 50

/** Adds an app as a remote to folders, and takes it back. */
export class GitRemotes {
  readonly #options: GitRemotesOptions
  readonly #undo = new Map<string, { folder: GitFolder; commands: readonly Parameters[] }>()

  constructor(options: GitRemotesOptions) {
    this.#options = options
  }

  async inspect(path: string): Promise<{ remotes: { name: string; url: string }[] }> {
    const folder = await GitFolder.open(this.#options.run, path)
    return { remotes: await folder.remotes() }
  }

  async add({ folder: path, serverId, app, name, form }: RemoteRequest): Promise<AddedRemote> {
    if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(name))
      throw new HearthError(
        'invalid_params',
        `"${name}" is no name for a remote: letters, digits, dots and dashes are.`,
      )
    const folder = await GitFolder.open(this.#options.run, path)
    const url = this.#options.addresses.of({ serverId, app, form })
    const replaced = (await folder.remotes()).find((remote) => remote.name === name)?.url ?? null
    const settings = form === 'https' ? await this.#trustGateway(folder) : await this.#proveByKey(folder)
    const setRemote = replaced === null ? ['remote', 'add', name, url] : ['remote', 'set-url', name, url]
    const unsetRemote = replaced === null ? ['remote', 'remove', name] : ['remote', 'set-url', name, replaced]
    const commands = [...settings.commands, ...(replaced === url ? [] : [setRemote])]
    const undo = [...(replaced === url ? [] : [unsetRemote]), ...settings.undo]
    await folder.runAll(commands)
    const id = this.#keepUndo(folder, undo)
    const render = (parameters: Parameters) => quoteCommand(['git', ...parameters])
    const said = { commands: commands.map(render), undo: undo.map(render), notes: settings.notes }
    return { id, folder: folder.path, name, url, replaced, ...said }
  }

  /** Takes back what `add` did, once. */
  async undo(id: string): Promise<void> {
    const known = this.#undo.get(id)
    if (!known) throw new HearthError('gone', 'That was taken back already, or Hearth was started anew since.')
    await known.folder.runAll(known.commands)
    this.#undo.delete(id)
  }

  #keepUndo(folder: GitFolder, commands: readonly Parameters[]): string {
    const id = randomUUID()
    this.#undo.set(id, { folder, commands })
    for (const old of [...this.#undo.keys()].slice(0, -kept)) this.#undo.delete(old)
    return id
  }

  /** One line that names a file of ours, which is always up to date, instead of a port and a path that may change. */
  async #trustGateway(folder: GitFolder): Promise<Settings> {
    const { ownGitConfig, environment } = this.#options
    const notes = environment.GIT_SSL_CAINFO ? [foreignAuthorities] : []
    if ((await folder.values('include.path')).includes(ownGitConfig)) return { commands: [], undo: [], notes }
    return {
      commands: [['config', '--local', '--add', 'include.path', ownGitConfig]],
      undo: [['config', '--local', '--fixed-value', '--unset-all', 'include.path', ownGitConfig]],
      notes,
    }
  }

  async #proveByKey(folder: GitFolder): Promise<Settings> {
    const wanted = `ssh -F ${quoteWord(this.#options.sshConfig)}`
    const own = await folder.sshCommand()
    if (own === wanted) return { commands: [], undo: [], notes: [] }
    if (own !== null) {
      const note = `git uses your own ssh command here (${own}), which was left as it is. The server must know your own key.`
      return { commands: [], undo: [], notes: [note] }
    }
    return {
      commands: [['config', '--local', 'core.sshCommand', wanted]],
      undo: [['config', '--local', '--unset', 'core.sshCommand']],
      notes: [],
    }
  }
}

interface Settings {
  readonly commands: readonly Parameters[]
  readonly undo: readonly Parameters[]
  readonly notes: readonly string[]
}
