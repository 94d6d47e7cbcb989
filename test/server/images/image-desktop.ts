// What tests of images do with a server: deploy one of a registry, ask the app, run a one-off in it.
import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { eventually } from '../../servers/eventually.ts'
import type { HearthServer } from '../hearth-server.ts'

export class ImageDesktop {
  readonly #hearth: HearthServer

  constructor(hearth: HearthServer) {
    this.#hearth = hearth
  }

  get agent() {
    const { desktop } = this.#hearth
    return desktop.core.servers.agent(desktop.serverId)
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
      const options = { host: this.#hearth.server.host, headers: { Host: `${app}.localhost` }, agent: false }
      get(options, (response) => void text(response).then(resolve, reject)).on('error', reject)
    })
  }

  async answers(app: string, expected: string): Promise<void> {
    await eventually(async () => (await this.ask(app)) === expected, 30_000, `${app} does not answer ${expected}`)
  }

  async runOneOff(app: string, command: string): Promise<string> {
    const { desktop } = this.#hearth
    const { name } = await this.agent.call('createDyno', { app }, { command, attach: false })
    const ended = async () => (await desktop.logLines(app, name)).some((each) => each.includes('exited'))
    await eventually(ended, 30_000, 'the one-off does not end')
    const start = `app[${name}]: `
    const lines = (await desktop.logLines(app)).filter((each) => each.startsWith(start))
    return lines.map((each) => `${each.slice(start.length)}\n`).join('')
  }
}
