// Every screen, in light and dark, in the smallest window and in a very large one: no barrier, and nothing cut off at the sides.
// HEARTH_SCREENSHOTS=FOLDER keeps a picture of each.
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBarriers } from '../e2e/audit.ts'
import { root } from '../tooling/repository.ts'
import { isAllAsked } from '../tooling/scope.ts'
import { hasBrowser, openScreens, type Screens } from './page/open-page.ts'
import { type Scene, scenes } from './page/scenes.ts'

/** What has a look of its own; the other scenes are states of these. */
const looked = [
  ...['first-run', 'apps', 'overview', 'deploy-empty', 'releases', 'config-vars', 'app-settings', 'ledger', 'settings'],
  ...['access-app', 'access-server', 'access-this-computer', 'server', 'server-offline', 'add-server'],
  ...['client-terminal', 'panes', 'log-history', 'palette', 'rollback', 'dyno-menu', 'crowded-overview'],
]
/** Barriers of colour go by the theme, those of layout by the size: each of both is looked at once. */
const looks = [
  { width: 1024, height: 700, colorScheme: 'light' },
  { width: 2560, height: 1440, colorScheme: 'dark' },
] as const
/** When all is asked for, or pictures are wanted, there is time for these too. */
const others = [
  { width: 1024, height: 700, colorScheme: 'dark' },
  { width: 2560, height: 1440, colorScheme: 'light' },
] as const

let screens: Screens
describe.runIf(hasBrowser)('every screen', () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test.each(looked)('%s has no barrier and fits', { timeout: 40_000 }, async (name) => {
    const scene = scenes[name]
    if (!scene) throw new Error(`there is no scene ${name}`)
    const found: string[] = []
    const page = await openScene(scene)
    for (const look of [...looks, ...(isAllAsked || process.env.HEARTH_SCREENSHOTS ? others : [])]) {
      await show(page, look)
      const problems = [...(await findBarriers(page)), ...(await findOverflow(page))]
      found.push(...problems.map((problem) => `${look.width} ${look.colorScheme}: ${problem}`))
      await keepPicture(page, `${name}-${look.colorScheme}-${look.width}`)
    }
    await page.close()
    expect(found).toEqual([])
  })
})

async function show(page: Page, { colorScheme, ...size }: (typeof looks)[number] | (typeof others)[number]) {
  await page.setViewportSize(size)
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.waitForFunction(
    (scheme) => document.documentElement.getAttribute('data-mantine-color-scheme') === scheme,
    colorScheme,
  )
}

async function openScene({ query = '', hash, act }: Scene): Promise<Page> {
  const page = await screens.open(`?${query.replace(/^&/, '')}${hash}`)
  await page.setViewportSize({ width: 1024, height: 700 })
  page.setDefaultTimeout(30_000)
  // What is still to come would move what is clicked.
  await allThere(page)
  await act?.(page)
  await allThere(page)
  return page
}

const allThere = (page: Page) =>
  page.waitForFunction(() => !document.querySelector('[aria-busy=true], .mantine-Skeleton-root'))

/** What stands out of the window at its right, where nobody can scroll to. */
function findOverflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - innerWidth
    const main = document.querySelector('main')
    const mainWide = main ? main.scrollWidth - main.clientWidth : 0
    return [
      wide > 0 ? `the page is ${wide} px too wide` : '',
      mainWide > 0 ? `main is ${mainWide} px too wide` : '',
    ].filter(Boolean)
  })
}

async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.HEARTH_SCREENSHOTS
  if (!folder) return
  await mkdir(path.resolve(root, folder), { recursive: true })
  await page.screenshot({ path: path.resolve(root, folder, `${name}.png`) })
}
