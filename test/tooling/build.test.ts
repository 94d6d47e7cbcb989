import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { digestSources } from '../../esbuild.config.ts'
import { root } from './repository.ts'

test('the digest of the agent is the same for the same sources, and can be asked for', () => {
  const { stdout } = spawnSync(process.execPath, ['esbuild.config.ts', '--digest'], { cwd: root, encoding: 'utf8' })
  expect(stdout.trim()).toBe(digestSources('agent'))
  expect(stdout).toMatch(/^[0-9a-f]{64}\n$/)
})

test('each part has a digest of its own', () => {
  expect(new Set([digestSources('agent'), digestSources('core'), digestSources('renderer')]).size).toBe(3)
})
