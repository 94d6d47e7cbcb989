import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findWantedStack } from '../../../../electron/core/deploy/wanted-stack.ts'
import type { Agent } from '../../../../electron/core/ports/agent.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-wanted-stack-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** A server that has these stacks. */
const having = (...names: string[]) => ({ call: async () => names.map((name) => ({ name })) }) as unknown as Agent
const server = having('debian-12', 'container')
const write = (name: string, text: string) => writeFile(join(folder, name), text)

test('a new app is on the stack that app.json names, where the server has it', async () => {
  await write('app.json', '{"stack":"container"}')
  expect(await findWantedStack(folder, server)).toBe('container')
  expect(await findWantedStack(folder, having('local'))).toBeNull()
  await write('app.json', '{"stack":"heroku-18"}')
  expect(await findWantedStack(folder, server)).toBeNull()
})

test('a heroku.yml means images, unless an app.json says otherwise by its silence', async () => {
  expect(await findWantedStack(folder, server)).toBeNull()
  await write('heroku.yml', 'build: {}')
  expect(await findWantedStack(folder, server)).toBe('container')
  await write('app.json', '{}')
  expect(await findWantedStack(folder, server)).toBeNull()
  await write('app.json', '{')
  expect(await findWantedStack(folder, server)).toBeNull()
})
