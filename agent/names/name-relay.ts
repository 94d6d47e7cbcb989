import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import net from 'node:net'

export interface Place {
  readonly host: string
  readonly port: number
}

const answerMs = 10_000
/** Under way at once: of all askers together, and of one, who could keep the others from theirs. */
const bounds = { datagrams: { all: 1024, ofOne: 128 }, connections: { all: 256, ofOne: 16 } } as const

/**
 * Hands questions for names to a name server and its answers back, by UDP and TCP, and reads none of them. For dynos of a server whose own
 * one listens on the loopback interface alone: they reach that one port of it so, and nothing else there.
 */
export async function openNameRelay(at: Place, to: Place): Promise<AsyncDisposable> {
  const datagrams = relayDatagrams(to)
  datagrams.bind(at.port, at.host)
  const connections = relayConnections(to)
  const opened = [once(datagrams, 'listening'), once(connections, 'listening')]
  connections.listen(at.port, at.host)
  await Promise.all(opened)
  return {
    async [Symbol.asyncDispose]() {
      datagrams.close()
      connections.close()
    },
  }
}

function relayDatagrams(to: Place) {
  const askers = new Askers(bounds.datagrams)
  const socket = createSocket('udp4')
  socket.on('message', (question, { address, port }) => {
    if (!askers.add(address)) return
    // One for each question: its port is as hard to guess as that of a program that asks by itself.
    const asking = createSocket(net.isIPv6(to.host) ? 'udp6' : 'udp4')
    const close = () => asking.close()
    const timer = setTimeout(close, answerMs)
    asking.once('close', () => {
      clearTimeout(timer)
      askers.remove(address)
    })
    asking.once('message', (answer) => {
      socket.send(answer, port, address)
      close()
    })
    asking.once('error', close)
    asking.connect(to.port, to.host)
    asking.once('connect', () => asking.send(question))
  })
  return socket
}

function relayConnections(to: Place) {
  const askers = new Askers(bounds.connections)
  return net.createServer({ allowHalfOpen: true }, (asker) => {
    const address = asker.remoteAddress ?? ''
    asker.on('error', () => {})
    if (!askers.add(address)) return void asker.destroy()
    const asked = net.connect({ ...to, allowHalfOpen: true })
    const end = () => {
      asker.destroy()
      asked.destroy()
    }
    asked.on('error', () => {}).once('close', end)
    asker.once('close', () => {
      askers.remove(address)
      end()
    })
    for (const socket of [asker, asked]) socket.setTimeout(answerMs, end)
    asker.pipe(asked).pipe(asker)
  })
}

/** Who has how much under way. */
class Askers {
  readonly #bound: { readonly all: number; readonly ofOne: number }
  readonly #counts = new Map<string, number>()
  #all = 0

  constructor(bound: { readonly all: number; readonly ofOne: number }) {
    this.#bound = bound
  }

  /** False, and nothing is counted, where it would be too much. */
  add(address: string): boolean {
    const count = this.#counts.get(address) ?? 0
    if (this.#all >= this.#bound.all || count >= this.#bound.ofOne) return false
    this.#counts.set(address, count + 1)
    this.#all++
    return true
  }

  remove(address: string): void {
    const count = this.#counts.get(address) ?? 0
    if (count > 1) this.#counts.set(address, count - 1)
    else this.#counts.delete(address)
    this.#all--
  }
}
