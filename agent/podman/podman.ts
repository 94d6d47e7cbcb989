import { chown, mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { defaultPath } from '../core/dynos/dyno-environment.ts'
import type {
  ContainerCommand,
  ContainerEngine,
  ContainerPlace,
  EngineCommand,
  InsidePlace,
} from '../core/ports/dynos/container-engine.ts'
import { runCommand } from '../exec/command.ts'
import { containerOf, givenOf, podmanProgram, renderInside, renderRun } from './container-command.ts'
import { renderExports } from './exports.ts'
import { startedFile } from './first-process.ts'
import { readProfile, requireCrun, requirePodman } from './installation.ts'
import { renderSeccomp } from './seccomp.ts'
import { renderContainersConf, renderStorageConf } from './settings.ts'

const removeTimeoutMs = 30_000

/**
 * Podman by its commands: they need no daemon and no socket, and the unit that runs one is the dyno's own. Its state is apart
 * from that of the server's other containers, and gone with a reboot, as the dynos are.
 */
export class Podman implements ContainerEngine {
  readonly #folder: string
  #ready: Promise<{ version: string }> | null = null
  #controlGroups: readonly string[] = []

  /** `folder`: on a file system that a reboot empties, `/run/hearth/podman`. */
  constructor(folder: string) {
    this.#folder = folder
  }

  async require(): Promise<void> {
    await this.inspect()
  }

  /** Which one is there, once all that it needs is; throws as `require` does. */
  async inspect(): Promise<{ version: string }> {
    this.#ready ??= this.#makeReady()
    try {
      return await this.#ready
    } catch (error) {
      this.#ready = null
      throw error
    }
  }

  /** A file with the system calls that containers have; there once `require` has been answered. */
  get systemCalls(): string {
    return path.join(this.#folder, 'seccomp.json')
  }

  async prepare(place: ContainerPlace, command: ContainerCommand): Promise<EngineCommand> {
    await this.require()
    await mkdir(givenOf(place.folder), { mode: 0o755 })
    await writeExports(place, command)
    return this.#through(renderRun(place, command, this.#controlGroups), command.terminal?.kind !== 'pty')
  }

  async prepareInside(place: InsidePlace, command: ContainerCommand): Promise<EngineCommand> {
    await this.require()
    await writeExports(place, command)
    return this.#through(renderInside(place, command), false)
  }

  async confirm(folder: string): Promise<void> {
    await writeFile(path.join(givenOf(folder), startedFile), '')
  }

  async remove(dynoId: string): Promise<void> {
    await this.require()
    const remove = () =>
      runCommand([podmanProgram, 'rm', '--force', '--ignore', '--time', '0', containerOf(dynoId)], {
        environment: this.#environment,
        timeoutMs: removeTimeoutMs,
      })
    // Of a unit that was killed whole podman hears here first, and calls it an error before it takes note.
    await remove().catch(remove)
  }

  #through(command: EngineCommand['command'], tellsStart: boolean): EngineCommand {
    return { command, environment: this.#environment, tellsStart }
  }

  /** Of podman itself. Nothing of a dyno's is among it: it runs as root. */
  get #environment(): Record<string, string> {
    return {
      PATH: defaultPath,
      CONTAINERS_CONF: path.join(this.#folder, 'containers.conf'),
      CONTAINERS_STORAGE_CONF: path.join(this.#folder, 'storage.conf'),
      // It would stand in the dyno's log.
      PODMAN_IGNORE_CGROUPSV1_WARNING: '1',
    }
  }

  async #makeReady(): Promise<{ version: string }> {
    const version = await requirePodman()
    await requireCrun()
    const profile = await readProfile()
    this.#controlGroups = await findControlGroups()
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const write = (name: string, text: string, mode = 0o600) => writeFile(path.join(this.#folder, name), text, { mode })
    await write('containers.conf', renderContainersConf(this.#folder))
    // Read by a sandbox too, whose root is nobody here; others don't get into the folder.
    await write('seccomp.json', renderSeccomp(profile), 0o644)
    await write('storage.conf', renderStorageConf(this.#folder))
    return { version }
  }
}

/** With version 1 each kind is mounted by itself, and a mount does not bring along what is below it. */
async function findControlGroups(): Promise<string[]> {
  const root = '/sys/fs/cgroup'
  const kinds = (await readdir(root)).filter((name) => name === 'memory' || name === 'cpu' || name === 'cpuacct')
  return [root, ...kinds.map((name) => path.join(root, name))]
}

/** Readable for the app's user, who finds it in the container; changeable only for root. */
async function writeExports(
  { uid, folder }: Pick<ContainerPlace, 'uid' | 'folder'>,
  { id, environment }: ContainerCommand,
): Promise<void> {
  const file = path.join(givenOf(folder), id)
  await writeFile(file, renderExports(environment), { mode: 0o440 })
  await chown(file, 0, uid)
}
