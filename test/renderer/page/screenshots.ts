// Pictures of the screens over the fake bridge, to be looked at: `node test/renderer/page/screenshots.ts OUT [name...]`.
// Build the page first: `vite build --config test/renderer/page/vite.config.ts`.
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { findChromium } from '../../tooling/test-run/chromium.ts'
import { scenes } from './scenes.ts'

const dist = path.join(import.meta.dirname, '../../../dist/renderer-page')
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

const [out = 'dist/screenshots', ...wanted] = process.argv.slice(2)
const sizes = (process.env.SIZES ?? '1280x800').split(',').map((size) => size.split('x').map(Number))
/** `MEDIA=forced` or `MEDIA=contrast`: the system's own colours, or more contrast. */
const media =
  process.env.MEDIA === 'forced'
    ? ({ forcedColors: 'active' } as const)
    : process.env.MEDIA === 'contrast'
      ? ({ contrast: 'more' } as const)
      : {}
const themes = (process.env.THEMES ?? 'light,dark').split(',')

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const file = path.join(dist, pathname === '/' ? 'index.html' : path.normalize(pathname))
  if (!existsSync(file)) return response.writeHead(404).end()
  response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream')
  // The policy that the product's shells send: what works here works there.
  response.setHeader(
    'content-security-policy',
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'",
  )
  response.end(await readFile(file))
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

await mkdir(out, { recursive: true })
const executablePath = findChromium()
if (!executablePath) throw new Error('there is no chromium; HEARTH_TEST_CHROMIUM can name one')
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
for (const [width = 1280, height = 800] of sizes) {
  for (const theme of themes) {
    for (const [name, scene] of Object.entries(scenes)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce', ...media })
      page.on('console', (message) => {
        if (message.type() === 'error') console.log(`${name}: ${message.text()}`)
      })
      page.on('pageerror', (error) => console.log(`${name}: ${error.message}`))
      try {
        await page.goto(`${origin}/?theme=${theme}${scene.query ?? ''}${scene.hash}`)
        await page.waitForSelector('h1')
        await page.waitForTimeout(scene.settleMs ?? 350)
        await scene.act?.(page)
        if (process.env.AXE) await reportAxe(page, `${name} ${theme}`)
      } catch (error) {
        console.log(`${name}: ${(error as Error).message.split('\n').slice(0, 6).join('\n')}`)
      }
      await page.screenshot({ path: path.join(out, `${name}-${theme}-${width}.png`) })
      await page.close()
    }
  }
}
await browser.close()
server.close()

async function reportAxe(page: import('playwright-core').Page, name: string): Promise<void> {
  const axe = path.join(import.meta.dirname, '../../../node_modules/axe-core/axe.min.js')
  await page.evaluate(await readFile(axe, 'utf8'))
  const violations = (await page.evaluate('axe.run()')) as {
    violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[]
  }
  for (const { id, help, nodes } of violations.violations)
    for (const node of nodes.slice(0, 3))
      console.log(
        `${name}: ${id}: ${help}\n   ${node.html.slice(0, 200)}\n   ${node.failureSummary.replaceAll('\n', ' ').slice(0, 300)}`,
      )
}
