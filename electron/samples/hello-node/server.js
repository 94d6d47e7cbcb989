import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'

const page = await readFile(new URL('page.html', import.meta.url), 'utf8')
let answered = 0

const server = createServer((request, response) => {
  answered += 1
  console.log(`${request.method} ${request.url} answered by ${process.env.DYNO}`)
  const facts = {
    dyno: process.env.DYNO ?? 'no dyno',
    node: process.version,
    answered: String(answered),
    greeting: process.env.GREETING ?? 'Hello from your own Hearth',
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(page.replace(/\{(\w+)\}/g, (_, name) => escapeHtml(facts[name] ?? '')))
})

server.keepAliveTimeout = 95_000
server.listen(process.env.PORT, () => console.log(`listening on port ${process.env.PORT}`))

// Heroku's dynos get SIGTERM and 30 seconds: finish what was begun, then go.
process.on('SIGTERM', () => server.close(() => process.exit(0)))

function escapeHtml(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
