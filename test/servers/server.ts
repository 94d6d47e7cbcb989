import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { ensureBase } from './base.ts'
import { cgroupsOf, readMemory } from './cgroup.ts'
import { eventually } from './eventually.ts'
import { imageExists, readImage, saveImage } from './image.ts'
import { createMachine, destroyMachine, initOf, powerOff, powerOn, type Wish } from './machine.ts'
import { setLink } from './network.ts'
import { type Finished, type RunOptions, run } from './run.ts'
import {
  ensureKey,
  keyFile,
  listMachines,
  locked,
  type Machine,
  machineDir,
  readMachine,
  writeMachine,
} from './state.ts'
import type { Suite } from './suites.ts'

export interface BootOptions {
  /** `bookworm` (Debian 12) unless told. */
  suite?: Suite
  /** A prepared image, made by `freeze` or `prepareImage`; it brings its own suite. */
  image?: string
  /** The size of the disk under /var/lib/hearth, to run it full. */
  diskBytes?: number
  /** The memory of the whole machine, as if it had no more. */
  memoryBytes?: number
  /** The machine outlives this process; `npm run servers -- down` ends it. */
  stays?: boolean
  say?: (line: string) => void
}

// systemd(1): what process 1 does on real-time signals 4 (power off) and 5 (reboot) after SIGRTMIN, which is 34.
const orderlyPowerOff = 38
const orderlyReboot = 39

/** A Debian machine with systemd and sshd. `await using` destroys it at the end of the block. */
export class Server {
  readonly name: string
  readonly host: string
  readonly port = 22
  readonly user = 'root'
  /** The path of the private key that opens `root` and the sudo user `debian`. */
  readonly key = keyFile
  readonly hostKeyFingerprint: string
  /** It outlives the process that made it. */
  readonly stays: boolean
  readonly #machine: Machine

  constructor(machine: Machine, stays = machine.owner === undefined) {
    this.stays = stays
    this.#machine = machine
    this.name = machine.name
    this.host = machine.host
    this.hostKeyFingerprint = machine.hostKeyFingerprint ?? ''
  }

  /** Runs a command as root inside, past the network: it works on a server that is cut off too. */
  async exec(command: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const init = initOf(this.name)
    if (!init) throw new Error(`${this.name} is off`)
    // First into process 1's own cgroups, so that the machine's limits and its end are the command's too.
    const moveIn = 'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs"; shift; done; shift; exec "$@"'
    const enter = [
      'nsenter',
      `--target=${init}`,
      ...['mount', 'uts', 'ipc', 'net', 'pid', 'cgroup'].map((n) => `--${n}`),
    ]
    const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    const environment = [
      'env',
      '--ignore-environment',
      '--chdir=/root',
      path,
      'HOME=/root',
      'LANG=C.UTF-8',
      'TERM=xterm',
    ]
    return run(
      ['sh', '-c', moveIn, 'enter', ...cgroupsOf(init), '--', ...enter, '--', ...environment, ...command],
      options,
    )
  }

  /** Where the host sees a file of the machine while it is on. */
  path(file: string): string {
    const init = initOf(this.name)
    if (!init) throw new Error(`${this.name} is off`)
    return join(`/proc/${init}/root`, file)
  }

  /** Bytes that its processes and file systems in memory hold; needs a host that counts them. */
  memory(): number {
    return readMemory(this.name)
  }

  /** Pulls the network cable. */
  async cut(): Promise<void> {
    await setLink(this.#machine.slot, 'down')
  }

  async restore(): Promise<void> {
    await setLink(this.#machine.slot, 'up')
  }

  /** Reboots in good order, as `systemctl reboot` does. */
  async reboot(): Promise<void> {
    const before = initOf(this.name)
    if (!before) throw new Error(`${this.name} is off`)
    process.kill(before, orderlyReboot)
    const restarted = () => {
      const init = initOf(this.name)
      return init !== undefined && init !== before
    }
    await eventually(restarted, 60_000, `${this.name} doesn't reboot`)
    await this.ready()
  }

  /** Pulls the plug and puts it in again: nothing inside gets a chance to end in order. */
  async kill(): Promise<void> {
    await powerOff(this.name, 'SIGKILL')
    await this.powerOn()
  }

  async powerOff(): Promise<void> {
    await powerOff(this.name, orderlyPowerOff)
  }

  async powerOn(): Promise<void> {
    powerOn(this.#machine)
    await this.ready()
  }

  /** Until sshd answers. */
  async ready(timeoutMs = 60_000): Promise<void> {
    try {
      await eventually(() => greets(this.host, this.port), timeoutMs, `${this.name} doesn't answer on port 22`)
    } catch (error) {
      const console = readFileSync(join(machineDir(this.name), 'console.log'), 'utf8').slice(-2000)
      throw new Error(`${error instanceof Error ? error.message : error}; its console said:\n${console}`)
    }
  }

  /** Keeps the machine's state as an image for later servers. The machine itself is gone after that. */
  async freeze(image: string): Promise<void> {
    await this.powerOff()
    await saveImage(image, this.#machine)
    await this.destroy()
  }

  /** Without a trace. */
  async destroy(): Promise<void> {
    await destroyMachine(this.#machine)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy()
  }
}

export async function bootServer(options: BootOptions = {}): Promise<Server> {
  await ensureKey()
  const machine = await createMachine(await wish(options))
  const server = new Server(machine, options.stays)
  try {
    await server.powerOn()
    if (options.stays) {
      delete machine.owner
      writeMachine(machine)
    }
    return server
  } catch (error) {
    await server.destroy()
    throw error
  }
}

export async function bootServers(count: number, options: BootOptions = {}): Promise<Server[]> {
  if (!options.image) await ensureBase(options.suite ?? 'bookworm', options.say)
  const booted = await Promise.allSettled(Array.from({ length: count }, () => bootServer(options)))
  const servers = booted.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failure = booted.find((result) => result.status === 'rejected')
  if (!failure) return servers
  await Promise.all(servers.map((server) => server.destroy()))
  throw failure.reason
}

/** Makes an image once, whoever comes first: boots a server, has it prepared, freezes it. Others wait for it. */
export async function prepareImage(
  name: string,
  options: BootOptions,
  prepare: (server: Server) => Promise<void>,
): Promise<string> {
  if (imageExists(name)) return name
  await locked(`image-${name}`, async () => {
    if (imageExists(name)) return
    await using server = await bootServer(options)
    await prepare(server)
    await server.freeze(name)
  })
  return name
}

export function findServer(name: string): Server {
  const machine = readMachine(name)
  if (!machine) throw new Error(`there is no test server ${name}; there are: ${listMachines().map((m) => m.name)}`)
  return new Server(machine)
}

export const listServers = (): Server[] => listMachines().map((machine) => new Server(machine))

async function wish(options: BootOptions): Promise<Wish> {
  const sizes = {
    ...(options.memoryBytes && { memoryBytes: options.memoryBytes }),
    ...(options.diskBytes && { diskBytes: options.diskBytes }),
  }
  if (options.image) {
    const { suite, base, images } = readImage(options.image)
    return { suite, base, images: [options.image, ...images], ...sizes }
  }
  const suite = options.suite ?? 'bookworm'
  return { suite, base: await ensureBase(suite, options.say), images: [], ...sizes }
}

/** Whether an sshd does there. */
export function greets(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host, port })
  socket.setTimeout(1_000, () => socket.destroy())
  socket.once('data', (greeting: Buffer) => {
    socket.destroy()
    resolve(greeting.toString().startsWith('SSH-'))
  })
  socket.on('error', () => resolve(false))
  socket.on('close', () => resolve(false))
  return promise
}
