import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { GitRepositories, GitSessionEnd, IncomingPush } from '../../../agent/core/ports/git-repositories.ts'
import { GitClient, run } from './git-client.ts'
import { openLocalGit } from './local-git.ts'
import { SshStandIn } from './ssh-stand-in.ts'

/** Repositories on this machine, and clients that reach them as over SSH. */
export class Forge {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'hearth-git-'))
  readonly appId = randomUUID()
  readonly problems: string[] = []
  readonly url = 'hearth@server:my-app.git'
  repositories!: GitRepositories
  /** What the agent would decide; a test puts its own here. */
  onPush: (push: IncomingPush) => Promise<boolean> = async () => true
  isDiskLow = false
  /** Taken up by the next start. */
  packBytes = 1 << 30
  #ssh!: SshStandIn
  #clones = 0

  static async open(): Promise<Forge> {
    const forge = new Forge()
    await forge.start()
    forge.#ssh = await SshStandIn.open(forge.folder, ({ service, protocol }) => {
      const { appId, onPush } = forge
      return forge.repositories.openSession({ appId, service, mode: 'session', protocol, onPush })
    })
    return forge
  }

  /** An agent, perhaps after one that was killed. */
  async start(): Promise<void> {
    this.repositories = await openLocalGit(this.folder, {
      isDiskLow: () => this.isDiskLow,
      packBytes: this.packBytes,
      report: (problem, cause) => this.problems.push(`${problem}: ${cause}`),
    })
  }

  async restart(): Promise<void> {
    await this.repositories.close()
    await this.start()
  }

  async close(): Promise<void> {
    await this.repositories.close()
    await this.#ssh.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  path(...names: string[]): string {
    return path.join(this.folder, ...names)
  }

  /** The bare repository on the server's side. */
  get bare(): string {
    return this.path('repositories', `${this.appId}.git`)
  }

  get sshCommand(): string {
    return this.#ssh.command
  }

  /** How conversations ended. */
  get ends(): readonly GitSessionEnd[] {
    return this.#ssh.ends
  }

  /** A repository of the client's, with a first commit. */
  async init(files: Record<string, string> = { 'index.js': 'hello\n' }): Promise<GitClient> {
    const client = this.client()
    await client.init(this.url)
    await client.commit('First commit', files)
    return client
  }

  client(): GitClient {
    this.#clones += 1
    const folder = this.path(`client-${this.#clones}`)
    mkdirSync(folder, { recursive: true })
    return new GitClient(folder, { GIT_SSH_COMMAND: this.sshCommand })
  }

  /** In the bare repository. */
  async look(...parameters: string[]): Promise<string> {
    return (await run('git', ['--git-dir', this.bare, ...parameters], this.folder)).text.trim()
  }
}
