// The real screens over the fake bridge in a real browser, for tests of what only a browser does: focus, keys, layout.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, globSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { build } from 'esbuild'
import { chromium, type Page } from 'playwright-core'
import { digestSources } from '../../../esbuild.config.ts'
import { wholeScreen } from '../../e2e/whole-screen.ts'
import { root } from '../../tooling/repository.ts'
import { findChromium } from '../../tooling/test-run/chromium.ts'

const testFolder = path.join(import.meta.dirname, '..')

export interface Screens extends AsyncDisposable {
  /** A world of its own at this place, `#/servers/atlas` say; the one that was opened before is closed. */
  open(hash: string): Promise<Page>
}

export const hasBrowser = findChromium() !== null

export async function openScreens(): Promise<Screens> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('there is no chromium; HEARTH_TEST_CHROMIUM can name one')
  await using made = new AsyncDisposableStack()
  const origin = await serve(await bundle(), made)
  const args = ['--no-sandbox'] // Tests run as root, where Chromium's own sandbox refuses to start.
  const browser = made.adopt(await chromium.launch({ executablePath, args }), (opened) => opened.close())
  // One for all pages: what it has fetched and compiled once is half of a page's opening.
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
  const kept = made.move()
  return {
    async open(hash) {
      for (const page of context.pages()) await page.close()
      const page = await context.newPage()
      // Less than a test has: what it waited for in vain is told then, not only that it took too long.
      page.setDefaultTimeout(20_000)
      const session = await context.newCDPSession(page)
      await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'local_storage,indexeddb' })
      await page.goto(`${origin}/${hash}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await wholeScreen(page)
      return page
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** On loopback, which browsers hold to be as secure as https: some of what the screens use is to be had nowhere else. */
async function serve(files: Map<string, PageFile>, made: AsyncDisposableStack): Promise<string> {
  const server = createServer(({ url = '/' }, response) => {
    const file = files.get(new URL(url, 'http://page').pathname)
    if (!file) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': file.contentType, 'cache-control': 'max-age=3600' }).end(file.body)
  })
  made.defer(async () => {
    server.closeAllConnections()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface PageFile {
  readonly body: Buffer
  readonly contentType: string
}

/** Made once for the sources as they are, whichever test file is first: it takes longer than most of what they test. */
async function bundle(): Promise<Map<string, PageFile>> {
  const folder = path.join(root, 'dist/test-page', digestSources('renderer').slice(0, 16) + digestFolder(testFolder))
  if (!existsSync(folder)) await makeBundle(folder)
  const html =
    '<!doctype html><html lang="en"><title>Hearth</title><link rel="stylesheet" href="/page.css"><div id="root"></div><script type="module" src="/page.js"></script>'
  const read = (name: string) => readFileSync(path.join(folder, name))
  return new Map([
    ['/', { body: Buffer.from(html), contentType: 'text/html' }],
    ['/page.js', { body: read('page.js'), contentType: 'text/javascript' }],
    ['/page.css', { body: read('page.css'), contentType: 'text/css' }],
  ])
}

/** Two at once make the same; the first to be whole stays, and what older sources made goes. */
async function makeBundle(folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`
  await build({
    entryPoints: { page: path.join(import.meta.dirname, 'main.tsx') },
    outdir: unfinished,
    bundle: true,
    // Names stay: tests and benchmarks find elements by those of their styles.
    minifyWhitespace: true,
    minifySyntax: true,
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.svg': 'dataurl', '.woff2': 'dataurl' },
  })
  try {
    renameSync(unfinished, folder)
  } catch {
    rmSync(unfinished, { recursive: true }) // Somebody else was first.
  }
  const parent = path.dirname(folder)
  for (const name of readdirSync(parent)) {
    const isOld = !name.startsWith(path.basename(folder)) && !name.includes('.')
    if (isOld) rmSync(path.join(parent, name), { recursive: true, force: true })
  }
}

function digestFolder(at: string): string {
  const hash = createHash('sha256')
  for (const name of globSync('**/*.{ts,tsx,css}', { cwd: at }).sort())
    hash.update(name).update(readFileSync(path.join(at, name)))
  return hash.digest('hex').slice(0, 16)
}
