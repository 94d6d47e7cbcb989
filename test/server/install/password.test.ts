import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { InstallEvent } from '../../../electron/core/install/event.ts'
import type { SshAuthentication, TransportKind } from '../../../electron/core/ports/transport.ts'
import { bootServer, type Server } from '../../servers/index.ts'
import { bootWithGroundwork } from './groundwork.ts'
import { openTestDesktop } from './install-desktop.ts'

/** Found anywhere it is a leak. */
const secret = 'open Sesam3 hush-8d41'
const password: SshAuthentication = { kind: 'password', password: secret }
const lastStep = (events: InstallEvent[]) =>
  events.flatMap((event) => (event.kind === 'step' ? [`${event.step}: ${event.state}`] : [])).at(-1)

/** Lets people in by password, which cloud images forbid. */
async function allowPasswords(server: Server, ...lines: string[]): Promise<void> {
  const configuration = ['PermitRootLogin yes', 'PasswordAuthentication yes', ...lines].reverse().join('\n')
  const set = `printf '%s\\n' 'root:${secret}' 'debian:${secret}' | chpasswd
    printf '%s\\n' "$1" > /etc/ssh/sshd_config.d/10-passwords.conf
    sed -i 's/NOPASSWD://' /etc/sudoers.d/90-debian
    systemctl restart ssh`
  await server.exec(['sh', '-ec', set, 'sh', configuration])
  await server.ready()
}

async function expectForgotten(server: Server): Promise<void> {
  const places = '/etc /home /root /run /tmp /usr/lib/hearth /var/lib/hearth /var/log'
  const search = ['sh', '-c', `grep -rlaF --devices=skip '${secret}' ${places}`]
  expect((await server.exec(search, { allowFailure: true })).stdout).toBe('')
  expect((await server.exec(['journalctl', '--no-pager', '-o', 'verbose'])).stdout).not.toContain(secret)
}

/** Looks again and again at every process of this machine, those of its test servers too, for a secret in its sight. */
function watchProcesses(): () => string[] {
  const seen = new Set<string>()
  const look = () => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid)))
      for (const part of ['cmdline', 'environ'])
        try {
          const text = readFileSync(`/proc/${pid}/${part}`, 'latin1')
          if (text.includes(secret)) seen.add(`${part}: ${text.replaceAll('\0', ' ').slice(0, 80)}`)
        } catch {
          // It ended meanwhile.
        }
  }
  const timer = setInterval(look, 20)
  onTestFinished(() => clearInterval(timer))
  return () => [...seen]
}

const wrong: SshAuthentication = { kind: 'password', password: 'not it at all' }
const onlyPam = ['PasswordAuthentication no', 'KbdInteractiveAuthentication yes', 'UsePAM yes']

test('root installs with a password, nobody keeps it, and a wrong one changes nothing', async () => {
  await using server = await bootWithGroundwork()
  await allowPasswords(server)
  await using desktop = await openTestDesktop(server)
  const failure = await desktop.install({ authentication: wrong }).catch((error: Error) => error)
  expect(failure).toMatchObject({ id: 'forbidden', message: expect.stringContaining('refused the login') })
  expect(JSON.stringify([failure, String(failure)])).not.toContain('not it at all')
  expect((await server.exec(['ls', '/usr/lib'])).stdout).not.toContain('hearth')

  const leaks = watchProcesses()
  const events = await desktop.install({ authentication: password })
  expect(lastStep(events)).toBe('Verify: done')
  await (await desktop.connect()).close()
  expect(leaks()).toEqual([])
  expect(JSON.stringify(events)).not.toContain(secret)
  expect(desktop.filesWith(secret)).toEqual([])
  await expectForgotten(server)
})

test('a user installs with it through sudo and the system’s ssh, where sshd asks by PAM only', async () => {
  await using server = await bootWithGroundwork()
  await allowPasswords(server, ...onlyPam)
  await using desktop = await openTestDesktop(server, { transport: 'system', user: 'debian' })
  await expect(desktop.install({ authentication: password })).rejects.toThrow("Give the user's password for sudo")
  const leaks = watchProcesses()
  const events = await desktop.install({ authentication: password, sudoPassword: secret })
  expect(lastStep(events)).toBe('Verify: done')
  expect(leaks()).toEqual([])
  expect(JSON.stringify(events)).not.toContain(secret)
  await expectForgotten(server)
})

describe('a login with a password', () => {
  let server: Server
  beforeAll(async () => {
    server = await bootServer()
  })
  afterAll(() => server?.destroy())

  /** What a desktop gets to know from its login, without installing anything. */
  async function logIn(authentication: SshAuthentication, transport: TransportKind, user = 'root'): Promise<string> {
    await using desktop = await openTestDesktop(server, { transport, user })
    const connection = await desktop.logIn(authentication)
    try {
      return (await connection.exec(['id', '-un'])).stdout.trim()
    } finally {
      await connection.close()
    }
  }

  test.each<[TransportKind, string, string[]]>([
    ['ssh2', 'password', []],
    ['ssh2', 'PAM', onlyPam],
    ['system', 'password', []],
    ['system', 'PAM', onlyPam],
  ])('works over %s where sshd asks by %s, and is refused with a wrong one', async (transport, _, lines) => {
    await allowPasswords(server, ...lines)
    expect(await logIn(password, transport)).toBe('root')
    await expect(logIn(wrong, transport)).rejects.toMatchObject({ id: 'forbidden' })
  })

  test('says that a password has run out', async () => {
    await allowPasswords(server)
    await server.exec(['chage', '-d', '0', 'debian'])
    await using desktop = await openTestDesktop(server, { user: 'debian' })
    const failure = desktop.install({ authentication: password, sudoPassword: secret })
    await expect(failure).rejects.toThrow('does not run commands for us: WARNING: Your password has expired.')
  })
})
