import { HearthError } from '../../../contract/errors.ts'
import type { ServerPodman } from '../../../contract/server/server-podman.ts'
import type { ContainerHost } from '../../../core/ports/dynos/container-host.ts'
import type { Background } from '../background.ts'
import type { EventHub } from '../event-hub.ts'
import { explain } from '../steps.ts'

const unavailable: ServerPodman = {
  state: 'unavailable',
  version: null,
  problem:
    'Containers are run by servers; on this computer dynos are processes. Add a server, and deploy the app there.',
  output: null,
}

/** Podman on this server, and its installation, of which there is one at a time however many ask. */
export class PodmanInstallation {
  readonly #host: ContainerHost | null
  readonly #events: EventHub
  readonly #background: Background
  #isInstalling = false
  /** Why the newest one failed. */
  #failure: string | null = null

  constructor(parts: { containers: ContainerHost | null; events: EventHub; background: Background }) {
    this.#host = parts.containers
    this.#events = parts.events
    this.#background = parts.background
  }

  async describe(): Promise<ServerPodman> {
    if (this.#host === null) return unavailable
    const output = await this.#host.readOutput()
    if (this.#isInstalling) return { state: 'installing', version: null, problem: null, output }
    try {
      const { version } = await this.#host.inspect()
      return { state: 'ready', version, problem: null, output }
    } catch (error) {
      if (!(error instanceof HearthError)) throw error
      return { state: 'missing', version: null, problem: this.#failure ?? error.message, output }
    }
  }

  /** Begins it, unless podman is there or being installed; answers at once. */
  async install(): Promise<ServerPodman> {
    const host = this.#host
    const { state } = await this.describe()
    if (host !== null && state === 'missing' && !this.#isInstalling) {
      this.#isInstalling = true
      this.#failure = null
      this.#events.changed('server', null)
      this.#background.run('installing podman', () => this.#run(host))
    }
    return this.describe()
  }

  async #run(host: ContainerHost): Promise<void> {
    try {
      await host.install(this.#background.signal)
    } catch (error) {
      this.#failure = explain(error)
      throw error
    } finally {
      this.#isInstalling = false
      this.#events.changed('server', null)
    }
  }
}
