// The stock client as its user starts it: in a folder, in the environment that `hearth env` prints, and watched.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { findProgram } from '../../electron/core/client/find-program.ts'
import type { LocalTerminalSize } from '../../electron/core/ports/local-terminal.ts'
import { startLocalTerminal } from '../../electron/exec/local-terminal.ts'
import { changeEnvironment } from '../../electron/exec/spawn.ts'
import { eventually } from '../servers/index.ts'
import { run } from '../servers/run.ts'
import { root } from '../tooling/repository.ts'
import type { ClientWorld } from './client-world.ts'
import { isForeign, parseConnections, watchCommand } from './connections.ts'
import type { ClientVersion } from './install-client.ts'

export interface Ended {
  code: number
  stdout: string
  stderr: string
  /** How often it, and what it started, connected to something on this computer. */
  connections: number
}

export interface StartOptions {
  input?: string | Uint8Array
  /** Added to the environment that Hearth made. */
  environment?: Readonly<Record<string, string>>
}

type Variables = Readonly<Record<string, string>>

export class Heroku implements AsyncDisposable {
  readonly version: ClientVersion
  /** Where its commands are run: a folder of the user's. */
  readonly folder: string
  /** Of a user who has nothing yet. */
  readonly home: string
  readonly environment: Variables
  readonly #own: string
  readonly #running = new Set<() => void>()

  private constructor(version: ClientVersion, own: string, environment: Variables) {
    this.version = version
    this.#own = own
    this.home = path.join(own, 'home')
    this.folder = path.join(own, 'folder')
    this.environment = environment
  }

  static async open(world: ClientWorld, version: ClientVersion): Promise<Heroku> {
    const own = await mkdtemp(path.join(tmpdir(), 'hearth-client-'))
    const user = userEnvironment(own, world.programs[version])
    for (const name of ['home', 'folder']) await mkdir(path.join(own, name))
    // Version 10 reports its errors past its own settings; what 11 needs is contained without.
    const strict = version.startsWith('10.') ? ['--strict'] : []
    const hearth = [process.execPath, path.join(root, 'dist/electron/cli.js')]
    const command = [...hearth, 'env', ...strict, '--server', world.server, '--json']
    const { stdout } = await run(['env', '-i', ...toPairs({ ...user, HEARTH_HOME: world.home }), ...command])
    const change = JSON.parse(stdout) as Record<string, string | null>
    return new Heroku(version, own, changeEnvironment(user, change))
  }

  /** Its exit code and output; throws when it, or a program that it started, tried to reach another computer. */
  async run(words: readonly string[], options: StartOptions = {}): Promise<Ended> {
    return this.start(words, options).ended
  }

  /** What it printed; throws when it failed. */
  async print(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(words)
    if (code !== 0) throw new Error(`heroku ${words.join(' ')} ended with ${code}: ${stdout}${stderr}`)
    return stdout
  }

  /** Git of the same terminal. */
  async git(...words: string[]): Promise<Ended> {
    return this.#start(['git', ...words]).ended
  }

  start(words: readonly string[], options: StartOptions = {}): RunningClient {
    return this.#start(['heroku', ...words], options)
  }

  #start(command: readonly string[], { input, environment = {} }: StartOptions = {}): RunningClient {
    const watch = startWatch(this.#own)
    const [program = '', ...parameters] = [...watch.command, ...command]
    const child = spawn(program, parameters, {
      ...{ cwd: this.folder, env: { ...this.environment, ...environment } },
      // A group of its own: signals are for all of it, as those of a terminal's keys are.
      detached: true,
    })
    const signalAll = (signal: NodeJS.Signals) => void process.kill(-(child.pid as number), signal)
    const kill = () => signalAll('SIGKILL')
    this.#running.add(kill)
    child.stdin.on('error', () => {}) // It may end without having read its input; its exit code tells the story.
    if (input !== undefined) child.stdin.end(input)
    const read = { stdout: '', stderr: '' }
    const collect = (stream: Readable, name: keyof typeof read) =>
      stream.setEncoding('utf8').on('data', (text: string) => (read[name] += text))
    collect(child.stdout, 'stdout')
    collect(child.stderr, 'stderr')
    const exit = new Promise<number>((resolve) =>
      child.on('close', (code, signal) => resolve(signal ? 128 : (code ?? -1))),
    )
    const ended = exit.then((code) => {
      this.#running.delete(kill)
      return { code, connections: watch.judge(command), ...read }
    })
    ended.catch(() => {})
    return {
      ended,
      printed: read,
      write: (text) => void child.stdin.write(text),
      end: () => void child.stdin.end(),
      interrupt: () => signalAll('SIGINT'),
    }
  }

  /** On a terminal, as most users have it. */
  async startOnTerminal(words: readonly string[], size: LocalTerminalSize, more: Variables = {}) {
    const watch = startWatch(this.#own)
    const [program = '', ...parameters] = [...watch.command, 'heroku', ...words]
    const command = [(await findProgram(program, this.environment)) ?? program, ...parameters] as const
    const environment = { ...this.environment, ...more, TERM: 'xterm' }
    const terminal = await startLocalTerminal({ command, directory: this.folder, environment, size })
    const screen = { text: '' }
    terminal.stream.setEncoding('utf8').on('data', (text: string) => (screen.text += text))
    const shows = (text: RegExp) => stripVTControlCharacters(screen.text).search(text) >= 0
    return {
      type: (text: string) => void terminal.stream.write(text),
      resize: terminal.resize,
      /** Until it is on the screen, whatever its colours. */
      shows: (text: RegExp) =>
        eventually(() => shows(text), 30_000, `${text} is not shown`).catch((error: Error) => {
          throw new Error(`${error.message}:\n${screen.text}`)
        }),
      exit: terminal.exit.then((code) => {
        watch.judge(words)
        return code
      }),
    }
  }

  /** Files that commands left in the user's home. */
  async listHome(): Promise<string[]> {
    return readdir(this.home, { recursive: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const kill of this.#running) kill()
    await rm(this.#own, { recursive: true, force: true })
  }
}

export interface RunningClient {
  readonly ended: Promise<Ended>
  /** So far. */
  readonly printed: { readonly stdout: string; readonly stderr: string }
  write(text: string): void
  end(): void
  /** As Ctrl-C in its terminal. */
  interrupt(): void
}

function userEnvironment(own: string, programs: string): Variables {
  const system = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
  return {
    PATH: [programs, path.dirname(process.execPath), ...system].join(path.delimiter),
    HOME: path.join(own, 'home'),
    USER: 'ann',
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    // What Node has compiled of the client is kept beside it: a quarter of what a short command costs.
    NODE_COMPILE_CACHE: path.resolve(programs, '../../compile-cache'),
  }
}

const toPairs = (variables: Variables) => Object.entries(variables).map(([name, value]) => `${name}=${value}`)

function startWatch(own: string) {
  const folder = mkdtempSync(path.join(own, 'watch-'))
  const file = path.join(folder, 'trace')
  return {
    command: watchCommand(file),
    judge(command: readonly string[]): number {
      const tried = parseConnections(readFileSync(file, 'utf8'))
      rmSync(folder, { recursive: true })
      const foreign = tried.filter(isForeign)
      if (foreign.length === 0) return tried.length
      const places = new Set(foreign.map(({ host, port }) => `${host}:${port}`))
      throw new Error(`${command.join(' ')} tried to reach ${[...places].join(', ')}`)
    },
  }
}
