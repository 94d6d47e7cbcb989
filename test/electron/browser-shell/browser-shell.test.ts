import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Answers } from '../../../electron/bridge/answers.ts'
import { type BrowserShell, openBrowserShell } from '../../../electron/browser-shell/browser-shell.ts'

let folder: string
let shell: BrowserShell
let url: URL

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-shell-'))
  await writeFile(join(folder, 'index.html'), '<title>Hearth</title>')
  await writeFile(`${folder}.secret`, 'outside')
  const answers = { calls: { 'servers.list': async () => [] }, streams: {} } as unknown as Answers
  shell = await openBrowserShell({ answers, rendererDirectory: folder, port: 0, log: { error() {} } })
  url = new URL(shell.issueUrl())
})

afterEach(async () => {
  await shell.close()
  await rm(folder, { recursive: true })
  await rm(`${folder}.secret`)
})

interface Answer {
  status: number
  body: string
  headers: Record<string, unknown>
}

// fetch() would tidy the path and the Host header; an attacker would not.
function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: url.port, path, headers }, (response) => {
      let body = ''
      response.on('data', (chunk) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

async function visit(): Promise<{ cookie: string; again: string; room: string }> {
  const { headers } = await get(`${url.pathname}${url.search}`)
  const [cookie = '', again = ''] = (headers['set-cookie'] as string[]).map((one) => one.split(';')[0] ?? '')
  return { cookie, again, room: String(headers.location) }
}

function connect(room: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${url.port}${room}bridge`, { headers })
    socket.on('open', () => socket.send('{"t":"call","i":1,"n":"servers.list","p":{}}'))
    socket.on('message', (message) => {
      resolve(String(message))
      socket.close()
    })
    socket.on('error', (error) => resolve(error.message))
  })
}

test('the printed URL opens the window once and gives a cookie that scripts cannot read', async () => {
  const { status, headers } = await get(`${url.pathname}${url.search}`)
  expect(status).toBe(302)
  const cookies = headers['set-cookie'] as string[]
  for (const cookie of cookies) expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Path=\/./)
  expect((await get(`${url.pathname}${url.search}`)).status).toBe(403)
})

test('the page comes with a policy that allows no foreign or inline script', async () => {
  const { cookie, room } = await visit()
  const { status, body, headers } = await get(room, { cookie })
  expect(status).toBe(200)
  expect(body).toContain('Hearth')
  expect(headers['content-security-policy']).toContain("script-src 'self';")
})

test('without the cookie, with a wrong ticket or under another host name there is nothing to see', async () => {
  const { cookie, room } = await visit()
  expect((await get('/')).status).toBe(403)
  expect((await get(room)).status).toBe(403)
  expect((await get(room, { cookie: 'hearth=guess' })).status).toBe(403)
  expect((await get('/open?ticket=guess')).status).toBe(403)
  expect((await get(room, { cookie, host: 'evil.example' })).status).toBe(421)
})

test('a cookie that a browser showed to another port of this computer opens nothing', async () => {
  const { cookie, again, room } = await visit()
  // Below a path that only this browser knows; what an app on another port is shown is at most that of /open.
  expect(room).toMatch(/^\/[\w-]{43}\/$/)
  expect((await get('/', { cookie })).status).toBe(403)
  expect((await get('/open?ticket=guess', { cookie: again })).status).toBe(403)
  expect((await get(`${url.pathname}${url.search}`, { cookie: again })).status).toBe(302)
  expect((await get(room, { cookie: again })).status).toBe(403)
})

test.each(['/../x.secret', '/..%2f..%2fetc/passwd', '/%00', '/%E0%A4%A', '//etc/passwd'])(
  'the path %s leads nowhere',
  async (path) => {
    const { cookie, room } = await visit()
    expect((await get(`${room.slice(0, -1)}${path}`, { cookie })).status).toBeOneOf([403, 404])
  },
)

test('the bridge opens for the cookie from its own page alone', async () => {
  const { cookie, room } = await visit()
  const origin = `http://127.0.0.1:${url.port}`
  expect(await connect(room, { cookie, origin })).toBe('{"t":"ok","i":1,"r":[]}')
  expect(await connect(room, { cookie, origin: 'https://evil.example' })).toContain('403')
  expect(await connect(room, { origin })).toContain('403')
  expect(await connect('/', { cookie, origin })).toContain('403')
  expect(await connect(room, { cookie, origin, host: 'evil.example' })).toContain('403')
})
