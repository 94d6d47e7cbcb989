import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openNameRelay } from '../../../agent/names/name-relay.ts'

/** A name server on loopback that is silent on what begins with "quiet". */
let asked: string[]
let own: AsyncDisposableStack
let at: { host: string; port: number }
beforeEach(async () => {
  own = new AsyncDisposableStack()
  asked = []
  const [to, free] = [await openPort(), await openPort()]
  const datagrams = await bind(to)
  datagrams.on('message', (question, { address, port }) => {
    asked.push(`${question}`)
    if (!`${question}`.startsWith('quiet')) datagrams.send(`the answer to ${question}`, port, address)
  })
  const connections = net
    .createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket))
    .listen(to.port, to.host)
  own.defer(() => void connections.close())
  await once(connections, 'listening')
  at = { ...free, host: '127.0.0.1' }
  own.use(await openNameRelay(at, to))
})
afterEach(() => own.disposeAsync())

/** A port that nobody has, by TCP as by UDP. */
async function openPort() {
  const server = net.createServer().listen(0, '127.0.0.9')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return { host: '127.0.0.9', port }
}

async function bind({ host, port }: { host: string; port: number }): Promise<Socket> {
  const socket = createSocket('udp4').bind(port, host)
  own.defer(() => void socket.close())
  await once(socket, 'listening')
  return socket
}

const ask = (socket: Socket, question: string) => socket.send(question, at.port, at.host)

test('each asker hears the answer to its own question, from whom it asked', async () => {
  const [one, other] = [await bind({ host: '127.0.0.1', port: 0 }), await bind({ host: '127.0.0.2', port: 0 })]
  const answers = [one, other].map((socket) => once(socket, 'message'))
  ask(one, 'a')
  ask(other, 'b')
  const heard = (await Promise.all(answers)).map(([bytes, { port }]) => [`${bytes}`, port])
  expect(heard).toEqual([
    ['the answer to a', at.port],
    ['the answer to b', at.port],
  ])
})

test('long answers come by TCP', async () => {
  const socket = net.connect(at)
  const question = 'x'.repeat(100_000)
  socket.end(question)
  expect(await text(socket)).toBe(question)
})

test('who asks without end leaves the others their answers', async () => {
  const [greedy, other] = [await bind({ host: '127.0.0.1', port: 0 }), await bind({ host: '127.0.0.2', port: 0 })]
  for (let count = 0; count < 160; count++) ask(greedy, `quiet ${count}`)
  const answer = once(other, 'message')
  ask(other, 'a')
  expect(`${(await answer)[0]}`).toBe('the answer to a')
  expect(asked.filter((question) => question.startsWith('quiet')).length).toBeLessThanOrEqual(128)
})
