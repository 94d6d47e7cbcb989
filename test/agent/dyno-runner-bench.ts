// What the sentences of dyno-runner-contract.ts are tried with. It knows no test framework: for the systemd adapter they
// are run by a small program inside a test server.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { copyFile, link, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { SlugTree } from '../../agent/core/ports/builds/slug-store.ts'
import type {
  DynoExit,
  DynoListener,
  DynoRunner,
  DynoSpec,
  DynoTerminal,
  InsideSpec,
  StartedDyno,
} from '../../agent/core/ports/dynos/dyno-runner.ts'
import { Secret } from '../../agent/core/secret.ts'

/** An adapter and where its slugs may be put. */
export interface RunnerPlace {
  readonly folder: string
  readonly stackDirectory: string | null
  /** Memory limits are kept, and going over them is told. */
  readonly limitsMemory: boolean
  /** Dynos are in podman's containers. */
  readonly usesPodman?: boolean
  createRunner(): DynoRunner
}

/** Keeps what a runner says about its dynos. */
export class Recorder implements DynoListener {
  readonly #output = new Map<string, Buffer[]>()
  readonly #exits = new Map<string, DynoExit>()

  onOutput(dynoId: string, bytes: Uint8Array): void {
    assert.ok(!this.#exits.has(dynoId), 'output after the exit')
    const pieces = this.#output.get(dynoId) ?? []
    pieces.push(Buffer.from(bytes))
    this.#output.set(dynoId, pieces)
  }

  onExit(exit: DynoExit): void {
    assert.ok(!this.#exits.has(exit.id), 'a second exit')
    this.#exits.set(exit.id, exit)
  }

  bytes(dynoId: string): Buffer {
    return Buffer.concat(this.#output.get(dynoId) ?? [])
  }

  text(dynoId: string): string {
    return this.bytes(dynoId).toString()
  }

  async exit(dynoId: string, deadlineMs = 50_000): Promise<DynoExit> {
    return await eventually(() => this.#exits.get(dynoId), deadlineMs)
  }
}

const app = { id: '7b1d2f34-0000-4000-8000-000000000001', name: 'quiet-river' }
const limits = {
  memoryBytes: 512 * 1024 * 1024,
  memoryMaximumBytes: 512 * 1024 * 1024,
  cpuWeight: 100,
  maximumTasks: 256,
}

interface InsideDyno {
  readonly id: string
  readonly terminal: DynoTerminal
  readonly screen: Screen
}

export class Bench {
  readonly recorder = new Recorder()
  readonly place: RunnerPlace
  readonly runner: DynoRunner

  constructor(place: RunnerPlace) {
    this.place = place
    this.runner = place.createRunner()
  }

  /** A slug of these files over a layer that has Node. */
  async makeSlug(files: Record<string, string> = {}): Promise<SlugTree> {
    const checksum = `SHA256:${randomUUID()}`
    const appDirectory = path.join(this.place.folder, 'slugs', checksum.slice(7), 'app')
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(appDirectory, name)), { recursive: true })
      await writeFile(path.join(appDirectory, name), content)
    }
    await mkdir(appDirectory, { recursive: true })
    return {
      checksum,
      appDirectory,
      layerDirectories: [await makeNodeLayer(this.place.folder)],
      stackDirectory: this.place.stackDirectory,
    }
  }

  async start(
    command: string,
    change: Partial<DynoSpec> & { files?: Record<string, string> } = {},
  ): Promise<StartedDyno> {
    const { files = {}, ...spec } = change
    return await this.runner.start({
      id: randomUUID(),
      app,
      name: 'web.1',
      tree: change.tree ?? (await this.makeSlug(files)),
      command,
      environment: new Secret({ DYNO: 'web.1' }),
      limits,
      listens: false,
      terminal: null,
      usesPodman: this.place.usesPodman ?? false,
      ...spec,
    })
  }

  /** Starts a command inside a dyno. */
  async startInside(dynoId: string, command: string, change: Partial<InsideSpec> = {}): Promise<InsideDyno> {
    const { id, terminal } = await this.runner.startInside({
      id: randomUUID(),
      dynoId,
      app,
      name: 'run.1234',
      command,
      environment: new Secret({ DYNO: 'web.1' }),
      limits,
      terminal: { kind: 'pipes', areErrorsApart: false },
      ...change,
    })
    assert.ok(terminal)
    return { id, terminal, screen: new Screen(terminal) }
  }

  /** Runs a command inside a dyno to its end, without any input. */
  async runInside(dynoId: string, command: string, change: Partial<InsideSpec> = {}) {
    const { id, screen } = await this.startInside(dynoId, command, change)
    await screen.endInput()
    await screen.ended
    return { exit: await this.recorder.exit(id), output: screen.text }
  }

  /** Runs a command to its end and gives what it wrote. */
  async run(command: string, change: Parameters<Bench['start']>[1] = {}): Promise<{ exit: DynoExit; output: string }> {
    const { id } = await this.start(command, change)
    const exit = await this.recorder.exit(id)
    return { exit, output: this.recorder.text(id) }
  }

  async waitForText(dynoId: string, text: string): Promise<void> {
    await eventually(() => this.recorder.text(dynoId).includes(text)).catch(() => {
      assert.fail(`${JSON.stringify(text)} did not come; there was ${JSON.stringify(this.recorder.text(dynoId))}`)
    })
  }
}

/** What a terminal showed so far. */
export class Screen {
  text = ''
  readonly ended: Promise<void>
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>

  constructor(terminal: Pick<DynoTerminal, 'input' | 'output'> | null) {
    assert.ok(terminal, 'the dyno has no terminal')
    this.#writer = terminal.input.getWriter()
    this.ended = this.#read(terminal.output)
  }

  async type(text: string): Promise<void> {
    await this.send(Buffer.from(text))
  }

  async send(bytes: Uint8Array): Promise<void> {
    await this.#writer.write(bytes)
  }

  async endInput(): Promise<void> {
    await this.#writer.close()
  }

  /** `from` leaves out what was there before. */
  async waitFor(text: string, from = 0): Promise<void> {
    await eventually(() => this.text.includes(text, from)).catch(() => {
      assert.fail(`${JSON.stringify(text)} did not come; there was ${JSON.stringify(this.text)}`)
    })
  }

  async #read(output: ReadableStream<Uint8Array>): Promise<void> {
    for await (const piece of output) this.text += Buffer.from(piece).toString('latin1')
  }
}

/** The condition's first truthy result. */
export async function eventually<T>(
  condition: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  deadlineMs = 50_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs
  while (true) {
    const result = await condition()
    if (result) return result
    if (performance.now() > deadline) assert.fail(`not within ${deadlineMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

let nodeLayer: Promise<string> | undefined

/** The Node that runs this test, as a layer. */
function makeNodeLayer(folder: string): Promise<string> {
  nodeLayer ??= (async () => {
    const layer = path.join(folder, 'layers', 'node')
    const target = path.join(layer, 'usr/local/bin/node')
    await mkdir(path.dirname(target), { recursive: true })
    await link(process.execPath, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') return copyFile(process.execPath, target)
    })
    return layer
  })()
  return nodeLayer
}
