import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'

// Node strips the types and runs the rest: nothing to install, nothing to compile.
interface News {
  readonly dyno: string
  readonly visitors: number
  readonly upSeconds: number
}

const page = await readFile(new URL('page.html', import.meta.url), 'utf8')
const started = Date.now()
const visitors = new Set<ServerResponse>()

const server = createServer((request, response) => {
  console.log(`${request.method} ${request.url} answered by ${process.env.DYNO}`)
  if (request.url === '/news') return follow(response)
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(page)
})

server.keepAliveTimeout = 95_000
server.listen(process.env.PORT, () => console.log(`listening on port ${process.env.PORT}`))
const timer = setInterval(tell, 1000)

// Heroku's dynos get SIGTERM and 30 seconds: say goodbye, then go.
process.on('SIGTERM', () => {
  clearInterval(timer)
  for (const visitor of visitors) visitor.end()
  server.close(() => process.exit(0))
})

/** A stream of events that ends with the visitor. */
function follow(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  visitors.add(response)
  response.on('close', () => visitors.delete(response))
  tell()
}

function tell(): void {
  const news: News = {
    dyno: process.env.DYNO ?? 'no dyno',
    visitors: visitors.size,
    upSeconds: Math.round((Date.now() - started) / 1000),
  }
  for (const visitor of visitors) visitor.write(`data: ${JSON.stringify(news)}\n\n`)
}
