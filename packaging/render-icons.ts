// Draws the icons anew from icons/hearth.svg: `npm run package -- --icons`. Their files are kept in the repository, so that
// whoever packages needs no browser.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { findChromium } from '../test/tooling/test-run/chromium.ts'
import { renderIcns, renderIco } from './icon-files.ts'

const folder = path.join(import.meta.dirname, 'icons')
/** Linux desktops look for each of these by its name. */
const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512]

export async function renderIcons(): Promise<void> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('Icons are drawn by a browser, and there is no chromium.')
  const drawing = await readFile(path.join(folder, 'hearth.svg'), 'utf8')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const pictures = new Map<number, Buffer>()
  try {
    for (const size of [...linuxSizes, 1024]) pictures.set(size, await draw(browser, drawing, size))
  } finally {
    await browser.close()
  }
  await mkdir(path.join(folder, 'png'), { recursive: true })
  for (const size of linuxSizes)
    await writeFile(path.join(folder, 'png', `${size}x${size}.png`), pictures.get(size) as Buffer)
  await writeFile(path.join(folder, 'hearth.ico'), renderIco(pictures))
  await writeFile(path.join(folder, 'hearth.icns'), renderIcns(pictures))
}

async function draw(
  browser: Awaited<ReturnType<typeof chromium.launch>>,
  drawing: string,
  size: number,
): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`)
  const picture = await page.screenshot({ omitBackground: true })
  await page.close()
  return picture
}
