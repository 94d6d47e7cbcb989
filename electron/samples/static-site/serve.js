import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname } from 'node:path'

const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' }
const headers = { 'cache-control': 'public, max-age=60', 'x-content-type-options': 'nosniff' }

// What is there is read once, and nothing else is ever looked for: no address leads out of public/.
const files = new Map()
for (const name of await readdir('public')) files.set(`/${name}`, await readFile(`public/${name}`))

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const path = pathname === '/' ? '/index.html' : pathname
  const content = files.get(path) ?? files.get(`${path}.html`)
  const type = types[extname(files.has(path) ? path : '.html')] ?? 'application/octet-stream'
  response.writeHead(content ? 200 : 404, { ...headers, 'content-type': type })
  response.end(content ?? files.get('/missing.html'))
})

server.keepAliveTimeout = 95_000
server.listen(process.env.PORT, () => console.log(`listening on port ${process.env.PORT}`))
process.on('SIGTERM', () => server.close(() => process.exit(0)))
