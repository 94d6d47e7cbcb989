import { HearthError } from '../../../agent/contract/errors.ts'
import type { RunProgram } from '../ports/run-program.ts'

/** A folder of this computer that is a git repository. */
export class GitFolder {
  /** Where the repository's files begin, which may be above the folder that was named. */
  readonly path: string
  readonly #run: RunProgram

  private constructor(run: RunProgram, path: string) {
    this.#run = run
    this.path = path
  }

  static async open(run: RunProgram, path: string): Promise<GitFolder> {
    const { status, stdout, stderr } = await run(['git', '-C', path, 'rev-parse', '--show-toplevel'])
    if (status === 0) return new GitFolder(run, stdout.replace(/\r?\n$/, ''))
    const why = stderr.trim().split('\n')[0] ?? ''
    throw new HearthError('bad_request', `${path} is no folder that git keeps (${why}). Make it one with: git init`)
  }

  async remotes(): Promise<{ name: string; url: string }[]> {
    const { stdout } = await this.#git(['config', '--local', '--get-regexp', '^remote\\..*\\.url$'])
    return stdout
      .split('\n')
      .map((line) => /^remote\.(?<name>.+)\.url (?<url>.*)$/.exec(line)?.groups)
      .filter((groups) => groups !== undefined)
      .map(({ name = '', url = '' }) => ({ name, url }))
  }

  /** All values of a key in the repository's own configuration. */
  async values(key: string): Promise<string[]> {
    const { stdout } = await this.#git(['config', '--local', '--get-all', key])
    return stdout.split('\n').filter((line) => line !== '')
  }

  /** What git is configured to start instead of `ssh`, here or for all of the user's repositories; null for `ssh`. */
  async sshCommand(): Promise<string | null> {
    const { status, stdout } = await this.#git(['config', '--get', 'core.sshCommand'])
    return status === 0 ? stdout.trim() : null
  }

  async runAll(commands: readonly (readonly string[])[]): Promise<void> {
    for (const parameters of commands) {
      const { status, stderr } = await this.#git(parameters)
      if (status !== 0)
        throw new HearthError('internal', `git ${parameters.join(' ')} failed in ${this.path}: ${stderr.trim()}`)
    }
  }

  #git(parameters: readonly string[]) {
    return this.#run(['git', '-C', this.path, ...parameters])
  }
}
