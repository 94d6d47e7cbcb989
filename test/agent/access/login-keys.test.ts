import { writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addAuthorizedKey } from '../../../agent/access/authorized-keys.ts'
import { changeKeyFile } from '../../../agent/access/key-file.ts'
import { openLoginKeys } from '../../../agent/access/login-keys.ts'
import { parsePublicKey } from '../../../agent/access/public-key.ts'
import type { LoginKeys } from '../../../agent/core/ports/access/login-keys.ts'
import { makePublicKey } from './public-keys.ts'

const door = { program: ['/usr/lib/hearth/current/node'], sockets: [] }
const [ann, bob] = [parsePublicKey(makePublicKey('ann')), parsePublicKey(makePublicKey('bob'))]

let folder: string
let path: string
let keys: LoginKeys
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-login-keys-'))
  path = join(folder, 'authorized_keys')
  keys = openLoginKeys(path, door)
})
afterEach(() => rm(folder, { recursive: true }))

const names = () => keys.current().map(({ comment }) => comment)

test('shows what root does with the file, and is the same as long as nothing is done', async () => {
  expect(names()).toEqual([])
  await writeFile(path, addAuthorizedKey('', ann, door))
  expect(names()).toEqual(['ann'])
  expect(keys.current()).toBe(keys.current())
  await writeFile(path, addAuthorizedKey(`#${addAuthorizedKey('', ann, door)}`, bob, door))
  expect(names()).toEqual(['bob'])
  await rm(path)
  expect(names()).toEqual([])
})

test("changes at the same time all count, and others' lines stay", async () => {
  await writeFile(path, '# mine\n')
  const many = Array.from({ length: 20 }, (_, index) => parsePublicKey(makePublicKey(`key-${index}`)))
  await Promise.all(many.map((key) => keys.change({ remove: [], add: [key] })))
  expect(names()).toHaveLength(20)
  await Promise.all(many.slice(0, 19).map(({ id }) => keys.change({ remove: [id], add: [] })))
  expect(names()).toEqual(['key-19'])
  expect(await readFile(path, 'utf8')).toMatch(/^# mine\n/)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('what root writes between reading and writing is not undone', async () => {
  let isFirst = true
  await writeFile(path, '')
  await changeKeyFile(path, (text) => {
    if (isFirst) writeFileSync(path, addAuthorizedKey('', bob, door))
    isFirst = false
    return addAuthorizedKey(text, ann, door)
  })
  expect(names().sort()).toEqual(['ann', 'bob'])
})

test('writes through no link that somebody put beside the file', async () => {
  const elsewhere = join(folder, 'elsewhere')
  await writeFile(elsewhere, 'precious')
  await symlink(elsewhere, `${path}.next`)
  await keys.change({ remove: [], add: [ann] })
  expect(await readFile(elsewhere, 'utf8')).toBe('precious')
  expect(names()).toEqual(['ann'])
})
