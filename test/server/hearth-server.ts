// A test server with Hearth on it, and a desktop that knows it. The first use of a build installs it through the
// product's own installer and freezes the machine; whoever comes later boots that image in about a second.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { browserDoor } from '../../electron/browser-shell/door.ts'
import { readConfig } from '../../electron/config.ts'
import type { Deploy } from '../../electron/core/deploy/deploy-state.ts'
import { type Desktop, openDesktop } from '../../electron/desktop.ts'
import { makeInstaller } from '../../electron/make-installer.ts'
import { digestSources } from '../../esbuild.config.ts'
import { type BootOptions, bootServer, eventually, prepareImage, type Server } from '../servers/index.ts'
import { root } from '../tooling/repository.ts'
import { isAllAsked } from '../tooling/scope.ts'
import { prepareGroundwork } from './install/groundwork.ts'

/** Where the image keeps the key that the desktop of its installation made. */
const keyFolder = '/root/test-desktop'
const keyNames = ['id_ed25519', 'id_ed25519.pub']
/** A first build with a runtime and a package manager to fetch, on a machine that does much else; in the long run it may make a stack. */
const deployMs = isAllAsked ? 1_200_000 : 240_000

export interface HearthServer extends AsyncDisposable {
  readonly server: Server
  readonly desktop: TestDesktop
}

export async function bootHearthServer(options: BootOptions = {}): Promise<HearthServer> {
  await using made = new AsyncDisposableStack()
  const server = made.use(await bootInstalledServer(options))
  const desktop = made.use(await openTestDesktop(server))
  const owned = made.move()
  return { server, desktop, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** One for which no desktop is open yet. */
export async function bootInstalledServer(options: BootOptions = {}): Promise<Server> {
  return bootServer({ image: await prepareHearth(), ...options })
}

/** A desktop in this process, with a home of its own, connected to a server on which Hearth is. */
export async function openTestDesktop(server: Server): Promise<TestDesktop> {
  const home = await makeHome()
  await mkdir(path.join(home, 'ssh'), { mode: 0o700 })
  for (const name of keyNames) await copyFile(server.path(`${keyFolder}/${name}`), path.join(home, 'ssh', name))
  const desktop = await TestDesktop.open(home, server)
  await desktop.whenOnline()
  return desktop
}

export class TestDesktop implements AsyncDisposable {
  readonly home: string
  readonly server: Server
  readonly serverId: string
  /** What the desktop would have written to its log. */
  readonly problems: readonly string[]
  readonly #desktop: Desktop

  private constructor(parts: Pick<TestDesktop, 'home' | 'server' | 'serverId' | 'problems'>, desktop: Desktop) {
    this.home = parts.home
    this.server = parts.server
    this.serverId = parts.serverId
    this.problems = parts.problems
    this.#desktop = desktop
  }

  /** Knows the server; Hearth need not be on it yet. */
  static async open(home: string, server: Server): Promise<TestDesktop> {
    const problems: string[] = []
    const desktop = await openDesktop({
      config: { ...readConfig({ HEARTH_HOME: home }), sshAgentSocket: null },
      onError: (message, error) => problems.push(`${message}: ${error}`),
      shell: browserDoor,
    })
    const { fingerprint, transport } = await desktop.core.servers.probe(server)
    const place = { name: server.name, host: server.host, port: server.port, user: server.user, transport, fingerprint }
    const { id } = await desktop.core.servers.add(place)
    return new TestDesktop({ home, server, serverId: id, problems }, desktop)
  }

  get core(): Desktop['core'] {
    return this.#desktop.core
  }

  get calls(): Desktop['answers']['calls'] {
    return this.#desktop.answers.calls
  }

  /** The calls' first two parameters. */
  of(app: string): { serverId: string; app: string } {
    return { serverId: this.serverId, app }
  }

  /** Installs or upgrades; `agentFolder` may be another build than the one of the sources. */
  async install(agentFolder = buildAgent(), timeoutMs = 180_000): Promise<void> {
    const config = { ...this.core.config, agentBundle: path.join(agentFolder, 'agent.mjs') }
    const installer = makeInstaller({ ...this.core, config })
    const authentication = { kind: 'key', path: this.server.key } as const
    const signal = AbortSignal.timeout(timeoutMs)
    const { serverId } = this
    for await (const _ of installer.install({ serverId, authentication, sudoPassword: undefined, signal }));
    this.core.servers.reconnect(serverId)
  }

  async whenOnline(): Promise<void> {
    const state = () => this.core.servers.get(this.serverId).connection
    await eventually(() => state().state === 'online', 30_000, `${this.server.name} is not online`).catch(
      (error: Error) => {
        throw new Error(`${error.message}: ${JSON.stringify(state())}`)
      },
    )
  }

  startDeploy(app: string, folder: string): Deploy {
    return this.core.deploys.start({ ...this.of(app), openSource: async () => ({ path: folder }) })
  }

  /** Deploys and waits for the end, whatever it is. */
  async tryDeploy(app: string, folder: string): Promise<Deploy & { output: string }> {
    return this.finish(this.startDeploy(app, folder))
  }

  async finish({ id }: Deploy): Promise<Deploy & { output: string }> {
    const signal = AbortSignal.timeout(deployMs)
    let output = ''
    for await (const bytes of this.core.deploys.output(id, signal)) output += Buffer.from(bytes).toString()
    return { ...(await this.core.deploys.finished(id)), output }
  }

  async deploy(app: string, folder: string): Promise<Deploy> {
    const deploy = await this.tryDeploy(app, folder)
    if (deploy.state !== 'succeeded') throw new Error(`${deploy.state}: ${deploy.error}\n${deploy.output}`)
    return deploy
  }

  /** Until the agent answers, after something that ended the connection, noticed here or not yet. */
  async whenAnswering(): Promise<void> {
    const { core, serverId } = this
    const ask = async () => {
      core.servers.reconnect(serverId)
      return core.servers.agent(serverId).call('getServer', {})
    }
    await eventually(() => ask().catch(() => false), 30_000, `the agent of ${this.server.name} does not answer`)
  }

  /** The last lines of an app's log, or of what the platform says of one dyno, without their times. */
  async logLines(app: string, dyno?: string): Promise<string[]> {
    const agent = this.core.servers.agent(this.serverId)
    const session = await agent.call(
      'createLogSession',
      { app },
      { lines: 500, tail: false, ...(dyno && { dyno, source: 'heroku' }) },
    )
    let text = ''
    for await (const bytes of agent.readStream(session.logplex_url, AbortSignal.timeout(10_000)))
      text += Buffer.from(bytes).toString()
    return text
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\S+ /, ''))
  }

  /** Times and bounds of the platform, by which its agent is started anew. */
  async setSettings(settings: string): Promise<void> {
    await writeFile(this.server.path('/etc/hearth/environment'), `HEARTH_SETTINGS="${settings}"\n`)
    await this.server.exec(['systemctl', 'restart', 'hearth-agent'])
    await this.whenAnswering()
  }

  async currentVersion(app: string): Promise<number | null> {
    return (await this.calls['apps.get'](this.of(app))).release?.version ?? null
  }

  /** Closes it and leaves its home, for other programs to be this desktop. */
  close(): Promise<void> {
    return this.#desktop.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
    await rm(this.home, { recursive: true, force: true })
  }
}

/** The image of this tree's build. Its one app sleeps, and keeps the runtime on the disk that tests build with. */
async function prepareHearth(): Promise<string> {
  const agentFolder = buildAgent()
  return prepareImage(`hearth-${digestInstallation()}`, { image: await prepareGroundwork() }, async (server) => {
    await using desktop = await TestDesktop.open(await makeHome(), server)
    await desktop.install(agentFolder)
    await desktop.whenOnline()
    await desktop.deploy('warm-up', fixture('node-hello'))
    await desktop.calls['formation.update']({ ...desktop.of('warm-up'), updates: [{ type: 'web', quantity: 0 }] })
    await mkdir(server.path(keyFolder))
    for (const name of keyNames)
      await copyFile(path.join(desktop.home, 'ssh', name), server.path(`${keyFolder}/${name}`))
  })
}

/** dist/agent, built from the sources as they are. */
export function buildAgent(): string {
  process.env.HEARTH_SERVER_REGISTRY ??= execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim()
  execFileSync(process.execPath, ['esbuild.config.ts', '--agent', '--if-stale'], { cwd: root, stdio: 'pipe' })
  return path.join(root, 'dist/agent')
}

/** The same agent as another version: an upgrade that changes nothing but its name. */
export async function makeNextAgent(folder: string, version = '0.1.1'): Promise<string> {
  await cp(buildAgent(), folder, { recursive: true })
  const digest = createHash('sha256').update(folder).digest('hex')
  await writeFile(path.join(folder, 'version.json'), JSON.stringify({ version, digest }))
  return folder
}

export const fixture = (name: string): string => path.join(root, 'test/fixtures/apps', name)

function digestInstallation(): string {
  const hash = createHash('sha256')
    .update(digestSources('agent'))
    .update(readFileSync(import.meta.filename))
  const folder = path.join(root, 'electron/core/install')
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(path.join(folder, name)))
  return hash.digest('hex').slice(0, 12)
}

function makeHome(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'hearth-home-'))
}
