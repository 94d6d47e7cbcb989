// What a user does first, from an empty window to a rollback. The same story for every launcher and every server.
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { root } from '../tooling/repository.ts'
import { visit, visitUntil } from './visit.ts'
import type { HearthWindow } from './window.ts'

export const flowApp = 'corner-shop'

/** The sentences, one after another: each goes on where the one before it ended. */
export function proveMainFlow(window: () => HearthWindow, server: () => { name: string }): void {
  let url = ''
  let folder = ''
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('a folder dropped on the window becomes an app with a URL that answers', async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hearth-folder-'))
    const source = path.join(folder, flowApp)
    await cp(path.join(root, 'test/fixtures/apps/node-express-like'), source, { recursive: true })
    const { page } = window()
    await window().place('All apps').click()
    await window().dropFolder(source)
    await page.getByRole('definition').filter({ hasText: 'Node.js' }).waitFor()
    await page.getByRole('combobox', { name: 'Server' }).click()
    await page.getByRole('option', { name: server().name }).click()
    await window().button('Deploy').click()
    await expectServing(window(), 2, 150_000)
    url = await readUrl(window())
    await visitUntil(url, 'hello from web.1')
    const visitor = await page.context().newPage()
    await visitor.goto(url)
    expect(await visitor.locator('body').innerText()).toContain('hello from web.1')
    await visitor.close()
  }, 240_000)

  test('the slider starts three web dynos, and all three answer', async () => {
    const { page } = window()
    await window().openApp(flowApp)
    const slider = page.getByRole('slider', { name: 'web quantity' })
    await slider.focus()
    // A second try of this test begins where the first one was left.
    for (let now = Number(await slider.getAttribute('aria-valuenow')); now < 3; now++) await slider.press('ArrowRight')
    const dynos = page.getByRole('list', { name: 'Dynos' }).getByRole('listitem')
    for (const name of ['web.1', 'web.2', 'web.3'])
      await dynos.filter({ hasText: name }).getByText('up', { exact: true }).waitFor()
    const heard = new Set<string>()
    await eventually(
      async () => {
        heard.add(/web\.\d/.exec((await visit(url)).body)?.[0] ?? '')
        return heard.size >= 3
      },
      20_000,
      'fewer than three dynos answer',
    )
    expect([...heard].sort()).toEqual(['web.1', 'web.2', 'web.3'])
  })

  test('a config var makes v3 and reaches the dynos', async () => {
    const { page } = window()
    await window().openScreen(flowApp, 'Config vars')
    await addConfigVar(window(), 'GREETING', 'good morning')
    await window().openScreen(flowApp, 'Releases')
    await expectCurrent(window(), 3)
    await visitUntil(url, 'good morning from web')
    expect(await release(window(), 3).innerText()).toContain('Set GREETING config vars')
    expect(await page.locator('body').innerText()).not.toContain('good morning')
  })

  test('a rollback makes v4 from the old slug', async () => {
    const { page } = window()
    await window().button('Roll back to v2').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click()
    await expectCurrent(window(), 4)
    expect(await release(window(), 4).innerText()).toContain('Rollback to v2')
    await visitUntil(url, 'hello from web')
    expect(await readSlug(window(), 4)).toBe(await readSlug(window(), 2))
  })

  test('a one-off dyno shows the files of the release, and what it writes is gone with it', async () => {
    await window().openScreen(flowApp, 'Terminal')
    await runInTerminal(window(), 'ls; echo left > left-behind; cat left-behind', /node_modules[\s\S]*\nleft\n/)
    await window().button('New terminal').click()
    await runInTerminal(
      window(),
      'cat server.js | head -n 1; ls left-behind',
      /require\('express'\)[\s\S]*No such file/,
    )
  })

  test('logs show the lines of router and dynos in order', async () => {
    await visit(`${url}/node?x=log-marker`)
    await window().openScreen(flowApp, 'Logs')
    const text = await window().waitForPane(`Log of ${flowApp}`, /log-marker/)
    expect(text).toMatch(/heroku\[router\] at=info method=GET path="\/node\?x=log-marker" host=corner-shop\.localhost/)
    expect(text).toMatch(/ web\.\d listening on \d+/)
    const times = [...text.matchAll(/^\d\d:\d\d:\d\d\.\d{3} /gm)].map(([time]) => time)
    expect(times.length).toBeGreaterThan(5)
    expect(times).toEqual([...times].sort())
  })

  test('the ledger has every release, verified', async () => {
    const { page } = window()
    await window().place('Ledger').click()
    const rows = page.getByRole('main').getByRole('row').filter({ hasText: flowApp })
    const verified = page.getByRole('img', { name: /^Verified/ })
    for (const [version, description] of [
      ['v4', 'Rollback to v2'],
      ['v3', 'Set GREETING config vars'],
      ['v2', 'Deploy of local changes'],
      ['v1', 'Initial release'],
    ] as const)
      await rows.filter({ hasText: version }).filter({ hasText: description }).filter({ has: verified }).waitFor()
  })
}

async function expectServing(window: HearthWindow, version: number, timeout: number): Promise<void> {
  const result = window.page.getByText(`v${version} serves.`)
  // A notice may tell of other work that has ended.
  const failure = window.page.getByRole('main').getByRole('alert')
  await result.or(failure).first().waitFor({ timeout })
  if (!(await result.isVisible())) {
    const output = await window.paneText('Build output').catch(() => '')
    throw new Error(`the deploy failed: ${await failure.first().innerText()}\n${output}`)
  }
}

/** The release serves; else an error that says what the window says of it. */
async function expectCurrent(window: HearthWindow, version: number): Promise<void> {
  const current = release(window, version).getByText('current', { exact: true })
  await current.waitFor({ timeout: 30_000 }).catch(async () => {
    const texts = await window.page.getByRole('list', { name: 'Releases' }).getByRole('listitem').allInnerTexts()
    throw new Error(`v${version} is not current; the window says: ${texts.join(' | ').replaceAll(/\s+/g, ' ')}`)
  })
}

async function readUrl(window: HearthWindow): Promise<string> {
  const link = window.page.getByRole('link', { name: /^http:\/\// }).first()
  const url = (await link.getAttribute('href')) ?? ''
  return url.replace(/\/$/, '')
}

export function release(window: HearthWindow, version: number) {
  const items = window.page.getByRole('list', { name: 'Releases' }).getByRole('listitem')
  return items.filter({ has: window.page.getByText(`v${version}`, { exact: true }) })
}

async function readSlug(window: HearthWindow, version: number): Promise<string> {
  const item = release(window, version)
  const details = item.getByRole('button', { name: `Details of v${version}` })
  await details.click()
  const slug = await item
    .getByRole('definition')
    .filter({ hasText: /sha256:|^[0-9a-f]{64}$/i })
    .first()
    .innerText()
  await details.click()
  return slug
}

async function addConfigVar(window: HearthWindow, name: string, value: string): Promise<void> {
  const { page } = window
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('textbox', { name: 'Value' }).fill(value)
  await window.button('Add config var').click()
}

async function runInTerminal(window: HearthWindow, command: string, expected: RegExp): Promise<void> {
  const { page } = window
  await window.button('Open terminal').click()
  const terminal = /^Terminal: bash/
  const pane = page.getByRole('region', { name: terminal })
  await window.waitForPane(terminal, /[$#]\s*$/)
  await pane.click()
  await page.keyboard.type(`${command}\n`)
  await window.waitForPane(terminal, expected)
  await page.keyboard.type('exit\n')
  await page.getByText(/Exited with status/).waitFor()
}
