import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runHearth, runNode } from '../../e2e/run-hearth.ts'
import { root } from '../../tooling/repository.ts'
import { bootHearthServer, type HearthServer } from '../hearth-server.ts'
import { KeyHolder } from './key-holder.ts'

// The command line of whoever manages a server, and of somebody whom they let in: a home of their own each.
let hearth: HearthServer
let bobsHome: string
beforeAll(async () => {
  const built = await runNode(tmpdir(), [path.join(root, 'esbuild.config.ts'), '--if-stale', '--core'])
  expect(built.code, built.stderr).toBe(0)
  hearth = await bootHearthServer()
  await hearth.desktop.calls['apps.create']({ serverId: hearth.desktop.serverId, name: 'shop' })
  bobsHome = await mkdtemp(path.join(tmpdir(), 'hearth-bob-'))
})
afterAll(async () => {
  if (bobsHome) await rm(bobsHome, { recursive: true, force: true })
  await hearth?.[Symbol.asyncDispose]()
})

const ann = (...parameters: string[]) => runHearth(hearth.desktop.home, ...parameters)
const said = async (...parameters: string[]) => {
  const { code, stdout, stderr } = await ann(...parameters)
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

test('lets somebody in by their key, shows them, changes their role and takes them out', async () => {
  const bob = KeyHolder.make(hearth, 'bob')
  const file = path.join(bobsHome, 'bob.pub')
  await writeFile(file, `${bob.publicKey}\n`)
  const unknown = await ann('access', 'add', 'bob@example.com', '--app', 'shop')
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('--key FILE.pub')])
  expect(await said('access', 'add', 'bob@example.com', '--app', 'shop', '--key', file, '--role', 'view')).toBe(
    'bob@example.com has the role view on shop.\n',
  )
  const listed = await said('access', '--app', 'shop')
  expect(listed).toMatch(/^PERSON +ROLE +ON +KEYS\n/)
  expect(listed).toMatch(/\nbob@example\.com +view +this app +SHA256:\S{43} \(bob's laptop\)\n/)
  expect(listed).toContain('You have the role manage.')
  expect(await said('access', 'role', 'bob@example.com', 'deploy', '--app', 'shop')).toContain(
    'the role deploy on shop',
  )
  expect(await said('access', '--everywhere')).toMatch(/bob@example\.com +- +shop deploy/)
  expect(await said('activity', '--app', 'shop')).toMatch(/Gave bob@example\.com the role deploy +SHA256:/)
  expect(await said('access', 'remove', 'bob@example.com', '--app', 'shop')).toContain('is out of shop')
  expect(await said('access', '--everywhere')).not.toContain('bob')
})

test('refuses a private key before anything is sent, and a role that there is not', async () => {
  const file = path.join(hearth.desktop.home, 'ssh/id_ed25519')
  const secret = await ann('access', 'add', 'bob@example.com', '--app', 'shop', '--key', file)
  expect([secret.code, secret.stderr]).toEqual([1, expect.stringContaining('That is a private key')])
  const role = await ann('access', 'add', 'bob@example.com', '--app', 'shop', '--role', 'admin')
  expect([role.code, role.stderr]).toEqual([1, expect.stringContaining('There are: view, deploy, operate, manage')])
})

test('keeps keys of one’s own, the last of which stays', async () => {
  const second = KeyHolder.make(hearth, 'second')
  const file = path.join(bobsHome, 'second.pub')
  await writeFile(file, second.publicKey)
  const added = await said('keys', 'add', file)
  const fingerprint = /^SHA256:\S+/.exec(added)?.[0] ?? ''
  expect(await said('keys')).toContain(`${fingerprint}  second's laptop`)
  expect(await said('keys', 'remove', fingerprint)).toContain('no more')
  const [last] = JSON.parse(await said('keys', '--json')) as { fingerprint: string }[]
  expect((await ann('keys', 'remove', last?.fingerprint ?? '')).stderr).toContain('only key by which')
})
