// Loaded before the core's entry in a plain Node process (`--import`): Electron's `process.parentPort` over Node's own channel
// to the parent. Ports are handed over as numbers, and their messages pass on that channel.
import { EventEmitter } from 'node:events'

type Message =
  | { kind: 'message'; data: unknown; ports: number[] }
  | { kind: 'port'; id: number; data: unknown }
  | { kind: 'port-close'; id: number }

const send = (message: object) => process.send?.(message)
const ports = new Map<number, EventEmitter>()

function openPort(id: number) {
  const waiting: unknown[] = []
  let isStarted = false
  const port = Object.assign(new EventEmitter(), {
    postMessage: (data: unknown) => send({ kind: 'port', id, data }),
    start() {
      isStarted = true
      for (const data of waiting.splice(0)) port.emit('message', { data })
    },
    close() {
      if (ports.delete(id)) send({ kind: 'port-close', id })
      port.emit('close')
    },
    receive(data: unknown) {
      if (isStarted) port.emit('message', { data })
      else waiting.push(data)
    },
  })
  ports.set(id, port)
  return port
}

const parentPort = Object.assign(new EventEmitter(), {
  postMessage: (data: unknown) => send({ kind: 'message', data }),
})
// As Electron's: what arrives before somebody listens waits.
parentPort.once('newListener', () => {
  process.on('message', (message: Message) => {
    if (message.kind === 'message')
      parentPort.emit('message', { data: message.data, ports: message.ports.map(openPort) })
    else if (message.kind === 'port') (ports.get(message.id) as ReturnType<typeof openPort>)?.receive(message.data)
    else (ports.get(message.id) as ReturnType<typeof openPort>)?.close()
  })
})
// Chromium ends a utility process whose browser is gone.
process.on('disconnect', () => process.exit(1))
Object.defineProperty(process, 'parentPort', { value: parentPort })
// Where a packaged program has its resources; Electron finds that by itself.
if (process.env.HEARTH_STAND_IN_RESOURCES)
  Object.defineProperty(process, 'resourcesPath', { value: process.env.HEARTH_STAND_IN_RESOURCES })
