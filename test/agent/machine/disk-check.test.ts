import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { DiskCheck } from '../../../agent/machine/disk-check.ts'

test('a disk that takes what is written is well, and nothing is left on it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-check-'))
  expect(await new DiskCheck(folder).problem()).toBeNull()
  expect(await readdir(folder)).toEqual([])
  await rm(folder, { recursive: true })
})

test('one that does not says so in plain words, by the code of its error', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-check-'))
  await mkdir(path.join(folder, '.disk-check'))
  expect(await new DiskCheck(folder).problem()).toBe('does not take what is written to it (EISDIR)')
  await rm(folder, { recursive: true })
})
