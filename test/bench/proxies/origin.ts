// The dyno behind every proxy, run by `node origin.ts`: it costs next to nothing, so that what is measured is the proxy. It
// answers /1k, /100k and /10m with so many bytes, and an upgrade with an echo. Prints its port.
import { createServer, type Socket } from 'node:net'

const endOfHead = Buffer.from('\r\n\r\n')
const sizes: Record<string, number> = { '/1k': 1024, '/100k': 100 * 1024, '/10m': 10 * 1024 * 1024 }
const answers = Object.entries(sizes).map(([path, size]) => {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${size}\r\n\r\n`
  return { request: Buffer.from(`GET ${path} `), bytes: Buffer.concat([Buffer.from(head), Buffer.alloc(size, 'x')]) }
})

// The answer to the sample key of RFC 6455, which is the one that our load sends; HAProxy checks it.
const switching =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (chunk) => answer(socket, chunk))
  socket.on('error', () => {})
})

/** A proxy sends a request at a time, and in one piece. */
function answer(socket: Socket, chunk: Buffer): void {
  if (!chunk.subarray(-4).equals(endOfHead)) return
  const found = answers.find(({ request }) => chunk.subarray(0, request.length).equals(request))
  if (found) return void socket.write(found.bytes)
  socket.removeAllListeners('data').on('data', (bytes) => socket.write(bytes))
  socket.write(switching)
}

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => console.log(JSON.stringify(server.address())))
process.stdin.resume().on('end', () => process.exit())
