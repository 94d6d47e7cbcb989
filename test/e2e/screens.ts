// Every screen as it stands at the end of the main flow: looked at by axe-core, and photographed.
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../tooling/repository.ts'
import { findBarriers } from './audit.ts'
import type { AppScreen, HearthWindow } from './window.ts'

const appScreens: AppScreen[] = ['Overview', 'Deploy', 'Releases', 'Logs', 'Terminal', 'Config vars', 'Settings']
const places = ['All apps', 'Ledger', 'Add server', 'Settings']
const schemes = ['light', 'dark'] as const

/** `HEARTH_SCREENSHOTS=docs/screenshots` keeps the pictures there instead of in a temporary folder. */
async function pictureFolder(): Promise<string> {
  const named = process.env.HEARTH_SCREENSHOTS
  if (!named) return mkdtemp(path.join(tmpdir(), 'hearth-screens-'))
  const folder = path.resolve(root, named)
  await mkdir(folder, { recursive: true })
  return folder
}

export function proveScreens(window: () => HearthWindow, { app, server }: { app: string; server: string }): void {
  test('no screen has a serious barrier, in light and in dark', async () => {
    const folder = await pictureFolder()
    const found: string[] = []
    for (const [name, open] of listScreens(window(), app, server)) {
      await open()
      await window().settled()
      for (const colorScheme of schemes) {
        await window().page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await window().still()
        await window().page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`) })
        const barriers = await findBarriers(window().page)
        found.push(...barriers.map((barrier) => `${name}, ${colorScheme}: ${barrier}`))
      }
    }
    await window().page.emulateMedia({ colorScheme: 'light' })
    if (!process.env.HEARTH_SCREENSHOTS) console.log(`pictures of the screens: ${folder}`)
    expect(found).toEqual([])
  }, 120_000)
}

function listScreens(window: HearthWindow, app: string, server: string): [string, () => Promise<void>][] {
  return [
    ...places.map((place): [string, () => Promise<void>] => [
      fileName(place),
      () => window.place(place).first().click(),
    ]),
    [fileName('server'), () => window.place(server).first().click()],
    ['client-access', () => window.button('Revoke').scrollIntoViewIfNeeded()],
    ['client-terminal', () => openClientTerminal(window)],
    ['new-app', () => window.button(`Deploy a new app to ${server}`).click()],
    ...appScreens.map((screen): [string, () => Promise<void>] => [
      `app-${fileName(screen)}`,
      async () => {
        await window.openApp(app, screen)
      },
    ]),
  ]
}

async function openClientTerminal(window: HearthWindow): Promise<void> {
  await window.button('Open a terminal for the heroku client').click()
  await window.waitForPane('Terminal: heroku and git', /\(hearth .*\)/)
}

const fileName = (title: string) => title.toLowerCase().replaceAll(' ', '-')
