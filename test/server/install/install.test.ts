import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { InstallEvent } from '../../../electron/core/install/event.ts'
import { bootServer, eventually, type Server } from '../../servers/index.ts'
import { bootWithGroundwork } from './groundwork.ts'
import { buildAgent, openTestDesktop, versionOf } from './install-desktop.ts'

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
  expect(await read(server, 'systemctl', 'is-active', 'hearth-agent', 'hearth-router', 'hearth-router.socket')).toBe(
    'active\nactive\nactive',
  )
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
  await eventually(async () => (await read(server, 'ss', '-Hltn', 'sport = :80')) !== '', 5000, 'nothing took port 80')
  await expect(desktop.install()).rejects.toThrow('Another program listens on port 80')
  expect(await read(server, 'ls', '-d', '/usr/lib/hearth')).toBe('')
})

test('an upgrade keeps the router running, and a version that is ill goes back by itself', async () => {
  await using server = await bootWithGroundwork()
  const good = await changeAgent('good', '')
  const better = await changeAgent('better', '')
  const ill = await changeAgent('ill', "if (process.argv[2] === 'serve') process.exit(1)\n")
  await using first = await openTestDesktop(server, { agentFolder: good })
  await first.install()
  const router = () => read(server, 'systemctl', 'show', '--property=MainPID', 'hearth-router')
  const routerBefore = await router()

  await using second = await openTestDesktop(server, { agentFolder: better })
  expect(steps(await second.install())).toContain('Start the agent: done')
  expect(await read(server, 'readlink', '/usr/lib/hearth/current')).toBe(`versions/${versionOf(better)}`)
  expect(await router()).toBe(routerBefore)
  // Both desktops' keys are in.
  await (await first.connect()).close()

  await using third = await openTestDesktop(server, { agentFolder: ill })
  await expect(third.install()).rejects.toThrow(`so ${versionOf(better)} runs again`)
  expect(await read(server, 'readlink', '/usr/lib/hearth/current')).toBe(`versions/${versionOf(better)}`)
  await (await second.connect()).close()
  expect(await router()).toBe(routerBefore)
})

test('an ill version goes back even when the desktop vanishes in the middle of the switch', async () => {
  await using server = await bootWithGroundwork()
  const good = await changeAgent('good', '')
  const ill = await changeAgent('ill', "if (process.argv[2] === 'serve') process.exit(1)\n")
  await using desktop = await openTestDesktop(server, { agentFolder: good })
  await desktop.install()
  await using upgrade = await openTestDesktop(server, { agentFolder: ill })
  const installing = upgrade.install()
  installing.catch(() => {})
  const current = () => read(server, 'readlink', '/usr/lib/hearth/current')
  await eventually(async () => (await current()).includes(versionOf(ill)), 60_000, 'it never switched')
  await server.cut()
  await expect(installing).rejects.toThrow()
  await eventually(async () => (await current()).includes(versionOf(good)), 60_000, 'it never went back')
  await server.restore()
  const connects = () =>
    desktop.connect().then(
      (linked) => linked.close().then(() => true),
      () => false,
    )
  await eventually(connects, 20_000, 'the old version does not answer')
})

/** The built agent under another digest, with a line put in front of its program. */
async function changeAgent(name: string, line: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), `hearth-agent-${name}-`))
  await cp(buildAgent(), folder, { recursive: true })
  const program = path.join(folder, 'agent.mjs')
  await writeFile(program, line + (await readFile(program, 'utf8')))
  const digest = createHash('sha256').update(folder).digest('hex')
  await writeFile(path.join(folder, 'version.json'), JSON.stringify({ version: '0.1.0', digest }))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}
