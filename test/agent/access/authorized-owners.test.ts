import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openAuthorizedOwners } from '../../../agent/access/authorized-owners.ts'
import { actorId, serverOwner } from '../../../agent/access/token.ts'

const lineOf = (id: string) => `restrict,command="agent connect ${id}" ssh-ed25519 AAAA me@laptop\n`
const [first, second] = ['0123456789abcdef', 'fedcba9876543210'] as const

test('who has no key in the file any more is nobody from then on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-owners-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'authorized_keys')
  const hasKey = openAuthorizedOwners(file)
  expect([hasKey(actorId(first)), hasKey(serverOwner.id)]).toEqual([false, true])
  await writeFile(file, lineOf(first) + lineOf(second))
  expect([hasKey(actorId(first)), hasKey(actorId(second)), hasKey('')]).toEqual([true, true, false])
  await writeFile(file, `#${lineOf(first)}${lineOf(second)}`)
  expect([hasKey(actorId(first)), hasKey(actorId(second))]).toEqual([false, true])
  await rm(file)
  expect(hasKey(actorId(second))).toBe(false)
})
