import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface Ran {
  readonly status: number
  /** Both streams, as a user sees them. */
  readonly text: string
}

/** The stock git in a folder, with no settings of this machine's. */
export class GitClient {
  readonly folder: string
  readonly #environment: Readonly<Record<string, string>>

  constructor(folder: string, environment: Readonly<Record<string, string>> = {}) {
    this.folder = folder
    this.#environment = environment
  }

  /** Throws when git fails. */
  async git(...parameters: string[]): Promise<string> {
    const { status, text } = await this.try(...parameters)
    if (status !== 0) throw new Error(`git ${parameters.join(' ')} failed: ${text}`)
    return text.trim()
  }

  try(...parameters: string[]): Promise<Ran> {
    return run('git', parameters, this.folder, this.#environment)
  }

  /** An empty repository whose remote `hearth` is that address. */
  async init(url: string): Promise<void> {
    await this.git('init', '--quiet', '--initial-branch=main', '.')
    await this.git('remote', 'add', 'hearth', url)
  }

  /** Of all that is in the folder; returns its id. */
  async commit(message: string, files: Record<string, string>): Promise<string> {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(this.folder, name)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    await this.git('add', '--all')
    await this.git('commit', '--quiet', '--allow-empty', '-m', message)
    return this.git('rev-parse', 'HEAD')
  }

  push(...parameters: string[]): Promise<Ran> {
    return this.try('push', ...(parameters.length > 0 ? parameters : ['hearth', 'main']))
  }
}

/** The whole environment of a client's programs in a folder. */
export function renderClientEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Ann',
    GIT_AUTHOR_EMAIL: 'ann@laptop',
    GIT_COMMITTER_NAME: 'Ann',
    GIT_COMMITTER_EMAIL: 'ann@laptop',
  }
}

export function run(
  program: string,
  parameters: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const env = { ...renderClientEnvironment(cwd), ...environment }
  return new Promise((resolve) => {
    execFile(program, parameters, { cwd, env, maxBuffer: 1 << 28, timeout: 600_000 }, (error, out, err) => {
      const status = typeof error?.code === 'number' ? error.code : error ? -1 : 0
      resolve({ status, text: `${out}${err}` })
    }).stdin?.end()
  })
}
