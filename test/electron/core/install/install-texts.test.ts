import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { judge, type MachineFacts, parseProbe } from '../../../../electron/core/install/preflight.ts'
import { sudoCommand } from '../../../../electron/core/install/root-shell.ts'
import { uninstallScript } from '../../../../electron/core/install/uninstall.ts'
import { renderEnvironment, renderUnits } from '../../../../electron/core/install/units.ts'

describe('what is written to a server', () => {
  test.each(renderUnits())('$path is as approved', async ({ path, text }) => {
    await expect(text).toMatchFileSnapshot(`golden/${path.split('/').at(-1)}`)
  })

  test('values of the environment file are quoted as systemd reads them', () => {
    expect(renderEnvironment({ B: 'two words', A: 'a"b\\c$d`e' })).toBe('A="a\\"b\\\\c\\$d\\`e"\nB="two words"\n')
    expect(() => renderEnvironment({ A: 'a\nB=c' })).toThrow("can't be set")
    expect(() => renderEnvironment({ 'A B': 'c' })).toThrow("can't be set")
  })

  test('the script that uninstalls is one that a shell understands', () => {
    expect(spawnSync('sh', ['-n'], { input: uninstallScript, encoding: 'utf8' }).stderr).toBe('')
  })

  test('sudo always asks when there is a password, so that it never becomes input', () => {
    expect(sudoCommand(null)).toEqual([])
    expect(sudoCommand({ password: null })).toEqual(['sudo', '-n', '--'])
    expect(sudoCommand({ password: 'x' })).toEqual(['sudo', '-k', '-S', '-p', '', '--'])
  })
})

const captured = `os_id=debian
os_version=12
os_name=Debian GNU/Linux 12 (bookworm)
machine=x86_64
init=systemd
systemd=252
groups=2
limits=cpuset cpu io memory hugetlb pids rdma misc
disk_kib=25165824
memory_kib=2097152
now=1763697600
uid=1000
sudo=password
router=inactive
version=
firewall=ufw
lets_in=22/tcp
lets_in=80,443/tcp
listens=0016
listens=0050
listens=0016
`

describe('preflight', () => {
  const facts = parseProbe(captured)
  const now = { ms: 1763697600_000, hasSudoPassword: true }
  const states = (other: Partial<MachineFacts>, hasSudoPassword = true) =>
    judge({ ...facts, listeningPorts: [22], ...other }, { ...now, hasSudoPassword })
      .filter(({ state }) => state !== 'passed')
      .map(({ name, state }) => `${name}: ${state}`)

  test('reads what the probe prints', () => {
    expect(facts).toEqual({
      osId: 'debian',
      osVersion: '12',
      osName: 'Debian GNU/Linux 12 (bookworm)',
      machine: 'x86_64',
      init: 'systemd',
      systemdVersion: 252,
      groups: 2,
      limits: ['cpuset', 'cpu', 'io', 'memory', 'hugetlb', 'pids', 'rdma', 'misc'],
      diskFreeBytes: 24 * 2 ** 30,
      memoryBytes: 2 * 2 ** 30,
      clockMs: 1763697600_000,
      sudo: 'password',
      firewall: 'ufw',
      letIn: ['22/tcp', '80,443/tcp'],
      listeningPorts: [22, 80],
      hasRouter: false,
      installedVersion: null,
    })
  })

  test('a good machine passes every check', () => {
    expect(states({})).toEqual([])
  })

  test.each<[string, Partial<MachineFacts>, string[]]>([
    ['another distribution', { osId: 'fedora' }, ['operating system: failed']],
    ['an untested release', { osVersion: '14' }, ['operating system: warning']],
    ['a 32-bit machine', { machine: 'armv7l' }, ['architecture: failed']],
    ['a container without systemd', { init: 'sh' }, ['systemd: failed']],
    ['an older systemd', { systemdVersion: 249 }, ['systemd: warning']],
    ['a kernel that limits no memory', { limits: ['cpu', 'io', 'pids'] }, ['limits: warning']],
    ['an older kind of control groups', { groups: 1, limits: ['cpu', 'cpuacct', 'memory', 'pids'] }, []],
    ['no sudo', { sudo: 'none' }, ['rights: failed']],
    ['a full disk', { diskFreeBytes: 1e9 }, ['disk: failed']],
    ['little memory', { memoryBytes: 600e6 }, ['memory: warning']],
    ['a web server', { listeningPorts: [80, 443] }, ['port 80: failed', 'port 443: warning']],
    ['our own router', { listeningPorts: [80], hasRouter: true }, []],
    ['a firewall that lets no web traffic in', { letIn: ['22/tcp', '8080/tcp'] }, ['firewall: warning']],
    ['a firewall that lets the web in by name', { letIn: ['OpenSSH', 'Nginx Full'] }, []],
    ['firewalld that lets the web in', { firewall: 'firewalld', letIn: ['ssh', 'http', 'https'] }, []],
    ['a firewall of which we know no rules', { firewall: 'firewalld', letIn: [] }, ['firewall: warning']],
    ['no firewall', { firewall: null, letIn: [] }, []],
    ['a wrong clock', { clockMs: now.ms - 3_600_000 }, ['time: warning']],
  ])('%s is found', (_, other, expected) => {
    expect(states(other)).toEqual(expected)
  })

  test('sudo that wants a password fails without one, and every problem has a remedy', () => {
    expect(states({}, false)).toEqual(['rights: failed'])
    const all = judge(
      { ...facts, osId: 'x', machine: 'x', init: 'x', diskFreeBytes: 0, memoryBytes: 0, sudo: 'none' },
      now,
    )
    expect(all.filter(({ state, remedy }) => state !== 'passed' && !remedy)).toEqual([])
  })
})
