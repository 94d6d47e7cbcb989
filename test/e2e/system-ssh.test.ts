// A server whose sshd offers only what the SSH inside Hearth lacks, through the window and through the command line.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bootWithGroundwork } from '../server/install/groundwork.ts'
import type { Server } from '../servers/index.ts'
import { collectConsoleErrors } from './audit.ts'
import { keepEvidence } from './evidence.ts'
import { type Desktop, listLaunchers } from './launch.ts'
import { runHearth } from './run-hearth.ts'
import { HearthWindow } from './window.ts'

const name = 'fortress'

let server: Server
beforeAll(async () => {
  server = await bootWithGroundwork()
  const configure = `echo 'KexAlgorithms sntrup761x25519-sha512@openssh.com' > /etc/ssh/sshd_config.d/kex.conf
    systemctl restart ssh`
  await server.exec(['sh', '-ec', configure])
  await server.ready()
}, 420_000)
afterAll(() => server?.destroy())

describe.each(listLaunchers())('A server with post-quantum key exchange only, in $name', (launcher) => {
  let desktop: Desktop
  let window: HearthWindow
  let errors: string[] = []
  beforeAll(async () => {
    desktop = await launcher.launch()
    desktop.page.setDefaultTimeout(20_000)
    errors = collectConsoleErrors(desktop.page)
    window = new HearthWindow(desktop.page)
  })
  afterEach((context) => desktop && keepEvidence(desktop, context))
  afterAll(() => desktop?.close())

  const way = (label: string) =>
    desktop.page.getByRole('radiogroup', { name: 'How to connect' }).getByRole('radio', { name: label })

  test('is offered the computer’s ssh while it is added, and says why', async () => {
    const { page } = desktop
    await window.place('Add server').click()
    await page.getByRole('combobox', { name: 'Host' }).fill(server.host)
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await window.button('Continue').click()
    await window.text(server.hostKeyFingerprint).waitFor()
    expect(await way('This computer’s ssh').isChecked()).toBe(true)
    await window.text(/no common way to encrypt/).waitFor()
  })

  test('shows that the built-in way does not work, when one insists on it', async () => {
    await desktop.page.getByText('Built in', { exact: true }).click()
    await desktop.page.getByRole('alert').filter({ hasText: 'no common way to encrypt' }).waitFor()
    expect(await way('This computer’s ssh').isChecked()).toBe(true)
  })

  test('is installed and used over the computer’s ssh', async () => {
    const { page } = desktop
    await window.button('Trust this key').click()
    await page.getByText('Key file', { exact: true }).first().click()
    await page.getByRole('combobox', { name: 'Key file' }).fill(server.key)
    await page.keyboard.press('Escape')
    await window.button('Install').click()
    const ready = page.getByRole('heading', { name: `${name} is ready` })
    const failure = page.getByRole('alert')
    await ready.or(failure).first().waitFor({ timeout: 120_000 })
    if (!(await ready.isVisible())) throw new Error(await failure.first().innerText())
    await window.button('Show server').click()
    await page.getByRole('region', { name: 'Memory' }).waitFor()
    expect(await way('This computer’s ssh').isChecked()).toBe(true)
  })

  test('that one switches back is not connected, and its notice leads out again', async () => {
    const { page } = desktop
    await page.getByText('Built in', { exact: true }).click()
    await page.getByRole('status').filter({ hasText: 'no common way to encrypt' }).waitFor()
    await window.button('Use this computer’s ssh').click()
    await page.getByRole('region', { name: 'Memory' }).waitFor()
    expect(await way('This computer’s ssh').isChecked()).toBe(true)
  })

  test('nothing went wrong on the console', () => {
    expect(errors).toEqual([])
  })
})

describe('the command line', () => {
  let home: string
  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'hearth-cli-'))
  })
  afterAll(() => rm(home, { recursive: true, force: true }))
  const add = (...more: string[]) =>
    runHearth(home, 'add', `root@${server.host}`, '--name', name, '--no-install', '--json', ...more)

  test('finds the way that fits by itself, remembers it, and changes it when told', async () => {
    const refused = await add('--transport', 'ssh2', '--accept-fingerprint', server.hostKeyFingerprint)
    expect(JSON.parse(refused.stderr)).toMatchObject({ id: 'needs_system_ssh' })
    const added = await add('--accept-fingerprint', server.hostKeyFingerprint)
    expect(JSON.parse(added.stdout)).toMatchObject({ name, transport: 'system' })
    expect(JSON.parse((await runHearth(home, 'transport', name, '--json')).stdout)).toMatchObject({
      transport: 'system',
    })

    await runHearth(home, 'transport', name, 'ssh2')
    expect((await runHearth(home, 'servers')).stdout).toContain(`hearth transport ${name} system`)
    const found = await runHearth(home, 'status', '--server', name)
    expect(found.stderr).toContain(`hearth transport "${name}" system`)
    expect((await runHearth(home, 'transport', name, 'telnet')).stderr).toContain('There are: ssh2, system.')
  })
})
