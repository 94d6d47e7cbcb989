// Apps made on the spot: small enough that a test is about Hearth, different enough that each deploy is one.
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const apps = mkdtempSync(path.join(tmpdir(), 'hearth-apps-'))
process.once('exit', () => rmSync(apps, { recursive: true, force: true }))

const server = `
const http = require('node:http')
const server = http.createServer((request, response) => {
  response.end([process.env.DYNO, TEXT, process.env.GREETING ?? ''].join(' '))
})
server.listen(process.env.PORT)
// Connections that the router keeps outlive the last answer; closing the idle ones lets the dyno go.
process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
})
`

export interface AppOptions {
  /** Runs at build time, after the installation. */
  build?: string
  files?: Record<string, string | Uint8Array>
}

/** A Node app that answers `web.1 TEXT GREETING` in a folder that goes with this process. */
export async function makeApp(text: string, { build, files = {} }: AppOptions = {}): Promise<string> {
  const folder = await mkdtemp(path.join(apps, 'app-'))
  const scripts = { start: 'node server.js', ...(build ? { build } : {}) }
  const manifest = { name: 'made-app', version: '1.0.0', private: true, engines: { node: '24.x' }, scripts }
  const all = {
    'package.json': JSON.stringify(manifest),
    'server.js': server.replace('TEXT', JSON.stringify(text)),
    ...files,
  }
  for (const [name, content] of Object.entries(all)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), content)
  }
  return folder
}
