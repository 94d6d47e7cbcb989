// The least that the embedded server asks of an agent: keys, a socket that answers, a router's socket, an orderly end.
import { mkdirSync, rmSync } from 'node:fs'
import http2 from 'node:http2'
import net from 'node:net'
import { parseArgs } from 'node:util'
import { openKeys } from '../../../../agent/access/keys.ts'
import { readToken } from '../../../../agent/access/token.ts'

const option = { type: 'string' } as const
const { values } = parseArgs({
  allowPositionals: true,
  options: { runner: option, state: option, run: option, keys: option, name: option },
})
const { mintKey } = await openKeys(values.keys ?? '')
if (values.state?.includes('broken')) {
  console.error('the state is broken')
  process.exit(3)
}
const routerPath = `${values.run}/router/http.sock`
mkdirSync(`${values.run}/router`, { recursive: true })
rmSync(routerPath, { force: true })
const router = net.createServer((socket) => socket.end('router'))
await new Promise<void>((resolve) => router.listen(routerPath, resolve))
const api = http2.createServer((request, response) => {
  const owner = readToken(mintKey, request.headers.authorization?.slice('Bearer '.length) ?? '', Date.now())
  response.writeHead(owner ? 200 : 401).end(JSON.stringify({ pid: process.pid, owner, name: values.name }))
})
const socketPath = `${values.run}/agent.sock`
api.listen(socketPath)
process.on('SIGTERM', () => {
  if (values.state?.includes('stubborn')) return
  rmSync(socketPath, { force: true })
  process.exit(0)
})
