// The real screens over the fake bridge in a real browser, for tests of what only a browser does: focus, keys, layout.
import path from 'node:path'
import { build } from 'esbuild'
import { chromium, type Page } from 'playwright-core'
import { findChromium } from '../../tooling/chromium.ts'

// Secure, as the product's own origins are: some of what the screens use is to be had nowhere else.
const origin = 'https://hearth.test'

export interface Screens extends AsyncDisposable {
  /** A world of its own at this place, `#/servers/atlas` say. */
  open(hash: string): Promise<Page>
}

export const hasBrowser = findChromium() !== null

export async function openScreens(): Promise<Screens> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('there is no chromium; HEARTH_TEST_CHROMIUM can name one')
  const files = await bundle()
  const args = ['--no-sandbox'] // Tests run as root, where Chromium's own sandbox refuses to start.
  const browser = await chromium.launch({ executablePath, args })
  return {
    async open(hash) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
      await page.route(`${origin}/**`, (route) => {
        const file = files.get(new URL(route.request().url()).pathname)
        return file ? route.fulfill(file) : route.fulfill({ status: 404 })
      })
      await page.goto(`${origin}/${hash}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      return page
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

interface PageFile {
  readonly body: Buffer
  readonly contentType: string
}

async function bundle(): Promise<Map<string, PageFile>> {
  const { outputFiles } = await build({
    entryPoints: { page: path.join(import.meta.dirname, 'main.tsx') },
    outdir: '/',
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.svg': 'dataurl', '.woff2': 'dataurl' },
  })
  const html =
    '<!doctype html><html lang="en"><title>Hearth</title><link rel="stylesheet" href="/page.css"><div id="root"></div><script type="module" src="/page.js"></script>'
  const files = new Map([['/', { body: Buffer.from(html), contentType: 'text/html' }]])
  for (const { path: name, contents } of outputFiles) {
    const contentType = name.endsWith('.css') ? 'text/css' : 'text/javascript'
    files.set(name, { body: Buffer.from(contents), contentType })
  }
  return files
}
