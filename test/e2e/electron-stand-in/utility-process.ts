// Electron's utilityProcess by a plain Node process: the same bundle, another parent port.
import { type ChildProcess, fork as forkNode } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import { PortCarrier, type StandInPort } from './port.ts'

const parentPort = fileURLToPath(new URL('parent-port.ts', import.meta.url))
const signals: Partial<Record<NodeJS.Signals, number>> = { SIGKILL: 9, SIGTERM: 15 }

type FromChild = { kind: 'message'; data: unknown } | { kind: 'port' | 'port-close'; id: number; data?: unknown }

export class StandInProcess extends EventEmitter {
  readonly stderr: NodeJS.ReadableStream | null
  readonly #child: ChildProcess
  readonly #carrier: PortCarrier

  constructor(path: string, env: Record<string, string>) {
    super()
    this.#child = forkNode(path, [], {
      ...{ env, serialization: 'advanced', execArgv: ['--import', parentPort] },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.stderr = this.#child.stderr
    this.#carrier = new PortCarrier((message) => this.#send(message))
    this.#child.on('message', (message: FromChild) => {
      if (message.kind === 'message') this.emit('message', message.data)
      else if (message.kind === 'port') this.#carrier.receive(message.id, message.data)
      else this.#carrier.close(message.id)
    })
    this.#child.once('exit', (status, signal) => {
      this.#carrier.closeAll()
      this.emit('exit', status ?? signals[signal as NodeJS.Signals] ?? 1)
    })
    this.#child.on('error', () => {})
  }

  get pid(): number {
    return this.#child.pid as number
  }

  postMessage(data: unknown, ports: StandInPort[] = []): void {
    this.#send({ kind: 'message', data, ports: ports.map((port) => this.#carrier.hand(port)) })
  }

  kill(): boolean {
    return this.#child.kill()
  }

  #send(message: object): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }
}
