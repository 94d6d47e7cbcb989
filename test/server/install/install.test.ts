import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { InstallEvent } from '../../../electron/core/install/event.ts'
import { bootServer, eventually, type Server } from '../../servers/index.ts'
import { bootWithGroundwork } from './groundwork.ts'
import { buildAgent, openTestDesktop, type TestDesktop, versionOf } from './install-desktop.ts'

const steps = (events: InstallEvent[]) =>
  events.flatMap((event) =>
    event.kind === 'step' && event.state !== 'running' ? [`${event.step}: ${event.state}`] : [],
  )
const read = async (server: Server, ...command: string[]) =>
  (await server.exec(command, { allowFailure: true })).stdout.trim()

test('a fresh machine is installed, repaired by a second run, and left without a trace', async () => {
  await using server = await bootServer()
  await using desktop = await openTestDesktop(server)

  expect(steps(await desktop.install()).at(-1)).toBe('Verify: done')

  const connected = await desktop.connect()
  expect(await connected.agent.call('getServer', {})).toMatchObject({ runner: 'systemd', router: { state: 'up' } })
  // Through the key's own door, not past it: sshd must let it reach the router's socket too.
  const toRouter = await connected.openRouter()
  toRouter.destroy()
  await connected.close()
  const units = ['hearth-agent', 'hearth-router', 'hearth-router.socket', 'hearth-router-tls.socket']
  expect(await read(server, 'systemctl', 'is-active', ...units)).toBe('active\nactive\nactive\nactive')
  expect(await read(server, 'stat', '-c', '%a %U:%G', '/etc/hearth/mint.key', '/etc/hearth/signing.pem')).toBe(
    '640 root:hearth\n600 root:root',
  )

  await server.exec(['rm', '-rf', '/usr/lib/hearth/current', '/etc/systemd/system/hearth-router.service'])
  const again = await desktop.install()
  expect(steps(again)).toContain('Install packages: skipped')
  expect(steps(again)).toContain('Send the agent: skipped')
  expect(steps(again).at(-1)).toBe('Verify: done')

  await desktop.installer.uninstall({ ...desktop.login, removeData: true })
  const left = [
    '/usr/lib/hearth',
    '/etc/hearth',
    '/run/hearth',
    '/home/hearth',
    '/etc/systemd/system/hearth-agent.service',
  ]
  for (const place of left) expect(await read(server, 'ls', '-d', place)).toBe('')
  expect(await read(server, 'ls', '-A', '/var/lib/hearth')).toBe('')
  expect(await read(server, 'sh', '-c', 'grep hearth /etc/passwd /etc/group')).toBe('')
  expect(
    await read(server, 'sh', '-c', 'systemctl list-units --all --plain --no-legend | grep hearth | grep -v mount'),
  ).toBe('')
})

test('a user with sudo installs as well, and must give the password where sudo asks for it', async () => {
  await using server = await bootWithGroundwork()
  await using desktop = await openTestDesktop(server, { user: 'debian' })
  const rules = `echo 'debian:secret words' | chpasswd
    sed -i 's/NOPASSWD://' $(grep -l NOPASSWD /etc/sudoers /etc/sudoers.d/* 2>/dev/null)`
  await server.exec(['sh', '-c', rules])
  await expect(desktop.install()).rejects.toThrow("Give the user's password for sudo")
  const refused = await desktop.install({ sudoPassword: 'wrong' }).catch((error: Error) => error.message)
  expect(refused).not.toContain('wrong')
  expect(await read(server, 'ls', '-d', '/usr/lib/hearth')).toBe('')
  expect(steps(await desktop.install({ sudoPassword: 'secret words' })).at(-1)).toBe('Verify: done')
  expect(await read(server, 'sh', '-c', 'grep -rl "secret words" /etc/hearth /var/lib/hearth /home/hearth')).toBe('')
})

test('a port that is taken stops the installation before it changes anything', async () => {
  await using server = await bootServer()
  await using desktop = await openTestDesktop(server)
  await server.exec(['systemd-run', '--unit=other', 'systemd-socket-activate', '-l', '80', 'cat'])
  await eventually(
    async () => (await read(server, 'ss', '-Hltn', 'sport = :80')) !== '',
    20_000,
    'nothing took port 80',
  )
  await expect(desktop.install()).rejects.toThrow('Another program listens on port 80')
  expect(await read(server, 'ls', '-d', '/usr/lib/hearth')).toBe('')
})

describe('a new version', () => {
  let server: Server
  let goodVersion: string
  let old: TestDesktop
  const router = () => read(server, 'systemctl', 'show', '--property=MainPID', 'hearth-router')
  const current = () => read(server, 'readlink', '/usr/lib/hearth/current')
  const illLine = "if (process.argv[2] === 'serve') process.exit(1)\n"
  beforeAll(async () => {
    server = await bootWithGroundwork()
    old = await openTestDesktop(server)
    await old.install()
  })
  afterAll(async () => {
    await old?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  test('takes over while the router stays, and lets both desktops in', async () => {
    const before = await router()
    const good = await changeAgent('good')
    goodVersion = versionOf(good)
    await using desktop = await openTestDesktop(server, { agentFolder: good })
    expect(steps(await desktop.install())).toContain('Start the agent: done')
    expect(await current()).toBe(`versions/${goodVersion}`)
    expect(await router()).toBe(before)
    for (const either of [old, desktop]) await (await either.connect()).close()
  })

  test('that is ill goes back by itself', async () => {
    const before = await router()
    await using desktop = await openTestDesktop(server, { agentFolder: await changeAgent('ill', illLine) })
    await expect(desktop.install()).rejects.toThrow(`so ${goodVersion} runs again`)
    expect(await current()).toBe(`versions/${goodVersion}`)
    await (await old.connect()).close()
    expect(await router()).toBe(before)
  })

  test('that is ill goes back even when the desktop vanishes in the middle of the switch', async () => {
    const ill = await changeAgent('as-ill', illLine)
    await using desktop = await openTestDesktop(server, { agentFolder: ill })
    const installing = desktop.install()
    installing.catch(() => {})
    await eventually(async () => (await current()).includes(versionOf(ill)), 60_000, 'it never switched')
    await server.cut()
    await expect(installing).rejects.toThrow()
    await eventually(async () => (await current()).includes(goodVersion), 60_000, 'it never went back')
    await server.restore()
    const connects = () =>
      old.connect().then(
        (linked) => linked.close().then(() => true),
        () => false,
      )
    await eventually(connects, 20_000, 'the old version does not answer')
  })
})

/** The built agent under another digest, with a line put in front of its program. */
async function changeAgent(name: string, line = ''): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), `hearth-agent-${name}-`))
  await cp(buildAgent(), folder, { recursive: true })
  const program = path.join(folder, 'agent.mjs')
  await writeFile(program, line + (await readFile(program, 'utf8')))
  const digest = createHash('sha256').update(folder).digest('hex')
  await writeFile(path.join(folder, 'version.json'), JSON.stringify({ version: '0.1.0', digest }))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}
