// A server with Hearth and a registry that it may reach, and what tests of images do with them: deploy, ask the app, run a one-off in it.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { eventually, type Server } from '../../servers/index.ts'
import { bootHearthServer, type HearthServer, type TestDesktop } from '../hearth-server.ts'
import { Registry } from './registry.ts'

export interface ImageServerOptions {
  /** Lines of /etc/hearth/environment besides, by the registry's place. */
  readonly environment?: (place: string) => string
  /** What the machine is to be before it is told of the registry. */
  readonly prepare?: (server: Server) => Promise<unknown>
}

export class ImageServer implements AsyncDisposable {
  readonly server: Server
  readonly desktop: TestDesktop
  readonly registry: Registry
  /** Of the registry, as names of images have it: `10.0.0.1:41234`. */
  readonly place: string
  #owned = new AsyncDisposableStack()

  private constructor({ server, desktop }: HearthServer, registry: Registry) {
    this.server = server
    this.desktop = desktop
    this.registry = registry
    this.place = `${hostOf(server)}:${registry.port}`
  }

  static async open(options: ImageServerOptions = {}): Promise<ImageServer> {
    await using made = new AsyncDisposableStack()
    const hearth = made.use(await bootHearthServer())
    const registry = made.use(await Registry.open(hostOf(hearth.server)))
    const images = new ImageServer(hearth, registry)
    await options.prepare?.(images.server)
    await images.#allow(options.environment?.(images.place) ?? '')
    images.#owned = made.move()
    return images
  }

  get agent() {
    return this.desktop.core.servers.agent(this.desktop.serverId)
  }

  /** Of a source with these files, to its end, whatever that is. */
  async deployFiles(app: string, files: SourceFiles) {
    return this.desktop.tryDeploy(app, await makeSource(files))
  }

  /** Builds of this source, to the end of its output. */
  async deploy(app: string, url: string) {
    const { id, output_stream_url } = await this.agent.call('createBuild', { app }, { source_blob: { url } })
    let output = ''
    for await (const bytes of this.agent.readStream(output_stream_url, AbortSignal.timeout(120_000)))
      output += Buffer.from(bytes).toString()
    return { output, build: await this.agent.call('getBuild', { app, build: id }) }
  }

  /** Not by `fetch`, which lets nobody choose the host. */
  ask(app: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { host: this.server.host, headers: { Host: `${app}.localhost` }, agent: false }
      get(options, (response) => void text(response).then(resolve, reject)).on('error', reject)
    })
  }

  async answers(app: string, expected: string): Promise<void> {
    await eventually(async () => (await this.ask(app)) === expected, 30_000, `${app} does not answer ${expected}`)
  }

  async runOneOff(app: string, command: string): Promise<string> {
    const { name } = await this.agent.call('createDyno', { app }, { command, attach: false })
    const ended = async () => (await this.desktop.logLines(app, name)).some((each) => each.includes('exited'))
    await eventually(ended, 30_000, 'the one-off does not end')
    const start = `app[${name}]: `
    const lines = (await this.desktop.logLines(app)).filter((each) => each.startsWith(start))
    return lines.map((each) => `${each.slice(start.length)}\n`).join('')
  }

  /** Whether a program with just these words runs anywhere on the server: `sleep 543`. */
  async isRunning(words: string): Promise<boolean> {
    return (await this.runScript(`pgrep -fx "${words}" >/dev/null && echo yes; true`)) === 'yes\n'
  }

  /** Folders, mounts and units of builds; `0` and a line's end where there are none. */
  leftOfBuilds(): Promise<string> {
    return this.runScript(
      'ls /var/lib/hearth/builds; mount | grep -c hearth-build; systemctl list-units --all --no-legend "hearth-build-*" || true',
    )
  }

  /** By the server's root; what it prints. */
  async runScript(script: string): Promise<string> {
    return (await this.server.exec(['sh', '-c', script])).stdout
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync()
  }

  async #allow(environment: string): Promise<void> {
    const { server, place, desktop } = this
    const registries = server.path('/etc/containers/registries.conf.d')
    await mkdir(registries, { recursive: true })
    await writeFile(path.join(registries, 'test.conf'), `[[registry]]\nlocation = "${place}"\ninsecure = true\n`)
    await writeFile(server.path('/etc/hearth/environment'), `HEARTH_BUILD_ALLOW="${place}"\n${environment}\n`)
    await server.exec(['systemctl', 'restart', 'hearth-agent'])
    await desktop.whenAnswering()
  }
}

/** The machine that the servers' bridge belongs to. */
const hostOf = ({ host }: Server) => host.replace(/\.\d+$/, '.1')

export type SourceFiles = Readonly<Record<string, string | Buffer>>

/** A folder with these files; what is a script can be run. */
export async function makeSource(files: SourceFiles): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-image-app-'))
  for (const [name, content] of Object.entries(files)) {
    const isScript = typeof content === 'string' && content.startsWith('#!')
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), content, { mode: isScript ? 0o755 : 0o644 })
  }
  return folder
}
