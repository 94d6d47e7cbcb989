import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { ContainerCommand } from '../../../agent/core/ports/dynos/container-engine.ts'
import { renderInside, renderRun } from '../../../agent/podman/container-command.ts'
import { renderExports } from '../../../agent/podman/exports.ts'
import { isAtLeast, parseVersion } from '../../../agent/podman/installation.ts'
import { renderSeccomp } from '../../../agent/podman/seccomp.ts'
import { renderContainersConf, renderStorageConf } from '../../../agent/podman/settings.ts'

const place = {
  id: '1',
  hostName: 'quiet-river',
  uid: 1_900_000_002,
  rootDirectory: '/run/hearth/dynos/1/root',
  networkNamespacePath: '/run/netns/hearth-2',
  folder: '/run/hearth/dynos/1',
}
const web: ContainerCommand = {
  id: '1',
  command: 'node server.js "$PORT"',
  environment: { KEY: 'xyzzy' },
  terminal: null,
}
const controlGroups = ['/sys/fs/cgroup', '/sys/fs/cgroup/memory']
const run = (command: ContainerCommand) => renderRun(place, command, controlGroups)
const terminal = { kind: 'pty', columns: 80, rows: 24 } as const

test('a dyno is this container, and its config vars are in none of its words', async () => {
  const words = run(web)
  expect(words.join(' ')).not.toContain('xyzzy')
  await expect(words.join('\n')).toMatchFileSnapshot('golden/run.txt')
})

test('a dyno of an image has the image’s user and the stack’s shell, and is confined like others', async () => {
  const image = { uid: 33, directory: '/srv', stackDirectory: '/var/lib/hearth/stacks/s', identityDirectory: '/i' }
  const words = renderRun({ ...place, image }, web, controlGroups)
  await expect(words.join('\n')).toMatchFileSnapshot('golden/run-image.txt')
})

test('a one-off at a terminal has one, and the same confinement', () => {
  const [log, tty] = [run(web), run({ ...web, terminal })]
  expect(tty).toContain('--tty')
  expect(tty).not.toContain('--detach')
  expect(tty.slice(tty.indexOf('--network'))).toEqual(log.slice(log.indexOf('--network')))
})

test('a command inside a dyno is its user’s, and no key lets go of it', async () => {
  await expect(renderInside(place, { ...web, id: '2', terminal }).join('\n')).toMatchFileSnapshot('golden/inside.txt')
})

test('podman has settings and a state of its own', async () => {
  const text = `${renderContainersConf('/run/hearth/podman')}\n${renderStorageConf('/run/hearth/podman')}`
  await expect(text).toMatchFileSnapshot('golden/settings.txt')
})

test('no namespaces and no rare addresses are left of what podman allows', () => {
  const own = {
    defaultAction: 'SCMP_ACT_ERRNO',
    archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] }],
    syscalls: [
      { names: ['read', 'clone', 'clone3', 'unshare', 'mount', 'io_uring_setup'], action: 'SCMP_ACT_ALLOW' },
      { names: ['socket'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 16, valueTwo: 0, op: 'SCMP_CMP_NE' }] },
    ],
  }
  type Made = typeof own & { syscalls: { args?: { value: number; valueTwo: number }[]; errnoRet?: number }[] }
  const made = JSON.parse(renderSeccomp(JSON.stringify(own))) as Made
  const rulesOf = (name: string) => made.syscalls.filter(({ names }) => names.includes(name))
  expect(made.defaultAction).toBe('SCMP_ACT_ERRNO')
  expect(made.archMap).toEqual([{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] }])
  expect(rulesOf('read')).toEqual([{ names: ['read'], action: 'SCMP_ACT_ALLOW' }])
  for (const name of ['unshare', 'mount', 'setns', 'clone3', 'io_uring_setup'])
    expect(rulesOf(name)).toMatchObject([{ action: 'SCMP_ACT_ERRNO' }])
  expect(rulesOf('clone')).toMatchObject([{ action: 'SCMP_ACT_ALLOW', args: [{ value: 0x7e020000, valueTwo: 0 }] }])
  expect(rulesOf('socket').map(({ args }) => args?.[0]?.value)).toEqual([1, 2, 10, 16])
})

test('bash reads config vars as they are', () => {
  const environment = {
    LINES: 'one\ntwo\n\n',
    QUOTES: `'single' "double" \`back\` '\\''`,
    DOLLARS: '$HOME $(id) $$',
    CONTROL: '\t\r\x01\x7f\x1b[31m\\',
    UNICODE: 'é 語 🚀',
    EMPTY: '',
    LONG: `'${'x'.repeat(65_536)}`,
  }
  const names = Object.keys(environment)
  const script = `${renderExports(environment)}for name in ${names.join(' ')}; do printf '%s\\0' "\${!name}"; done`
  const output = execFileSync('/bin/bash', ['-s'], { input: script, env: {} }).toString()
  expect(output.split('\0').slice(0, -1)).toEqual(Object.values(environment))
})

test('a config var that no program could receive is named, and its value is not', () => {
  expect(() => renderExports({ KEY: 'secret\ud800' })).toThrow(/^Config var KEY is not text/)
  expect(() => renderExports({ KEY: 'secret\0' })).not.toThrow('secret')
})

test.each([
  ['podman version 4.3.1\n', [4, 3], true],
  ['podman version 5.4.2', [5, 4], true],
  ['podman version 5.0.0-rc1', [5, 0], true],
  ['podman version 3.4.4', [3, 4], false],
  ['podman version 4.2.0', [4, 2], false],
] as const)('%j is new enough, or not', (text, version, isEnough) => {
  expect(parseVersion(text)).toEqual(version)
  expect(isAtLeast(version, [4, 3])).toBe(isEnough)
})

test('what is no version is none', () => {
  expect(parseVersion('docker version 27.0')).toBeNull()
})
