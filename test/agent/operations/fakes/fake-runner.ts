import { HearthError } from '../../../../agent/contract/errors.ts'
import type {
  DynoDisk,
  DynoExit,
  DynoListener,
  DynoRunner,
  DynoSpec,
  DynoTerminal,
  InsideSpec,
  RunningDyno,
  StartedDyno,
} from '../../../../agent/core/ports/dynos/dyno-runner.ts'

interface Process {
  readonly spec: DynoSpec | InsideSpec
  readonly running: RunningDyno
  readonly exited: PromiseWithResolvers<DynoExit>
}

/**
 * Dynos that do what their command says: `listen`, `hang` (never listens), `exit N` (at once), `refuse` (can't be
 * started); anything else just runs. They outlive the agent, as systemd's do.
 */
export class FakeRunner implements DynoRunner {
  readonly sandbox = 'not sandboxed: a fake'
  readonly processes = new Map<string, Process>()
  /** Every dyno that was ever started. */
  readonly started: DynoSpec[] = []
  /** False makes every dyno that is started from now on hang. */
  isListening = true
  /** The signal that ends what is stopped. */
  endsBy: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'
  /** Whether what is stopped leaves something running that has to be killed; it is by default what ends by SIGKILL. */
  leavesRest = false
  /** Told of each dyno that is about to be stopped. */
  onStop: (dynoId: string) => void = () => {}
  #listening = Promise.withResolvers<void>()
  #listener: DynoListener | null = null
  #nextPort = 5000

  async open(listener: DynoListener): Promise<readonly RunningDyno[]> {
    this.#listener = listener
    return [...this.processes.values()].map(({ running }) => running)
  }

  /** What it says when it can't. */
  podmanFailure: Error | null = null

  async requirePodman(): Promise<void> {
    if (this.podmanFailure) throw this.podmanFailure
  }

  async start(spec: DynoSpec): Promise<StartedDyno> {
    if (spec.command.startsWith('refuse')) throw new HearthError('unavailable', 'The fake refuses to start this.')
    this.#nextPort += 1
    const address = spec.listens ? { host: '127.0.0.1', port: this.#nextPort } : null
    this.started.push(spec)
    return this.#run(spec, address)
  }

  async startInside(spec: InsideSpec): Promise<StartedDyno> {
    if (!this.processes.has(spec.dynoId)) throw new HearthError('gone', 'It has ended.')
    return this.#run(spec, null)
  }

  #run(spec: DynoSpec | InsideSpec, address: RunningDyno['address']): StartedDyno {
    const running = { id: spec.id, address }
    this.processes.set(spec.id, { spec, running, exited: Promise.withResolvers() })
    const status = /^exit (\d+)/.exec(spec.command)?.[1]
    if (status) setImmediate(() => this.end(spec.id, { status: Number(status) }))
    return { ...running, terminal: spec.terminal && fakeTerminal() }
  }

  async waitUntilListening(dynoId: string, signal: AbortSignal): Promise<void> {
    const process = this.processes.get(dynoId)
    if (!process) throw new HearthError('gone', 'It has ended.')
    if (process.spec.command.startsWith('listen') && this.isListening) return
    const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const listens = process.spec.command.startsWith('listen') ? [this.#listening.promise] : []
    await Promise.race([
      aborted,
      ...listens,
      process.exited.promise.then(() => {
        throw new HearthError('gone', 'It has ended.')
      }),
    ])
  }

  /** The dynos that hang since `isListening` is false begin to listen, and all after them. */
  listenNow(): void {
    this.isListening = true
    this.#listening.resolve()
    this.#listening = Promise.withResolvers()
  }

  async stop(dynoId: string): Promise<void> {
    this.onStop(dynoId)
    this.end(dynoId, { signal: this.endsBy, outlivedGrace: this.leavesRest || this.endsBy === 'SIGKILL' })
  }

  async destroyApp() {}

  /** What dynos use, by name; all others use next to nothing. */
  readonly memory = new Map<string, number>()
  readonly oomKills = new Map<string, number>()
  readonly disks = new Map<string, DynoDisk>()
  readonly cpuSeconds = new Map<string, number>()

  async usage(dynoId: string) {
    const name = this.processes.get(dynoId)?.spec.name ?? ''
    const oomKills = this.oomKills.get(name) ?? 0
    const disk = this.disks.get(name) ?? null
    const memoryBytes = this.memory.get(name) ?? 1000
    const cpuSeconds = this.cpuSeconds.get(name) ?? 0.5
    return { memoryBytes, rssBytes: memoryBytes / 2, swapBytes: 0, cpuSeconds, oomKills, disk }
  }

  async close(): Promise<void> {}

  /** The process ends, by itself or by a test. */
  end(dynoId: string, how: Partial<DynoExit>): void {
    const process = this.processes.get(dynoId)
    if (!process) return
    this.processes.delete(dynoId)
    const exit = { id: dynoId, status: null, signal: null, outOfMemory: false, ...how }
    process.exited.resolve(exit)
    this.#listener?.onExit(exit)
    for (const { spec } of [...this.processes.values()]) {
      if ('dynoId' in spec && spec.dynoId === dynoId) this.end(spec.id, { signal: 'SIGKILL' })
    }
  }

  /** What a dyno of that name prints. */
  print(name: string, text: string): void {
    const id = this.idOf(name)
    this.#listener?.onOutput(id, new TextEncoder().encode(text))
  }

  /** The id of the newest running dyno of that name. */
  idOf(name: string): string {
    const process = [...this.processes.values()].findLast(({ spec }) => spec.name === name)
    if (!process) throw new Error(`No dyno ${name} runs.`)
    return process.spec.id
  }

  /** Names and commands of what runs, sorted. */
  list(): string[] {
    return [...this.processes.values()].map(({ spec }) => `${spec.name}: ${spec.command}`).sort()
  }

  /** The machine goes down: every process is gone, nobody is told. */
  loseAll(): void {
    this.processes.clear()
  }
}

function fakeTerminal(): DynoTerminal {
  return { input: new WritableStream(), output: new ReadableStream(), errors: null, resize: () => undefined }
}
