// A web dyno that costs next to nothing, so that what is measured is the router: it answers each head with hello world.
import { createServer } from 'node:net'

const answer = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nhello world\n'
const endOfHead = Buffer.from('\r\n\r\n')

const server = createServer({ noDelay: true }, (socket) => {
  // The router sends a request at a time, and in one piece.
  socket.on('data', (chunk) => socket.write(chunk.subarray(-4).equals(endOfHead) ? answer : '', 'latin1'))
  socket.on('error', () => {})
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address())))
process.stdin.resume().on('end', () => process.exit())
