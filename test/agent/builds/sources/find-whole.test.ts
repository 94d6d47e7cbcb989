import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findWhole } from '../../../../agent/builds/sources/find-whole.ts'

let top: string
beforeEach(async () => {
  top = await mkdtemp(path.join(os.tmpdir(), 'hearth-whole-'))
})
afterEach(() => rm(top, { recursive: true, force: true }))

async function findIn(files: Record<string, string>): Promise<string | null> {
  for (const [name, text] of Object.entries({ 'apps/api/README.md': 'see ../README.md', ...files })) {
    await mkdir(path.join(top, path.dirname(name)), { recursive: true })
    await writeFile(path.join(top, name), text)
  }
  return findWhole(top, 'apps/api')
}

const member = { 'apps/api/pyproject.toml': '[project]\nname = "api"\n' }

describe('what lies around the folder of an app', () => {
  it.each<[files: Record<string, string>, why: string]>([
    [
      { 'package.json': '{"workspaces": ["apps/*"]}', 'apps/api/package.json': '{}' },
      'package.json above it holds them together',
    ],
    [{ 'pnpm-workspace.yaml': '', 'apps/api/package.json': '{}' }, 'pnpm-workspace.yaml above it holds them together'],
    [{ 'go.work': 'use ./apps/api', 'apps/api/go.mod': 'module api' }, 'go.work above it holds them together'],
    [{ 'apps/go.work': '', 'apps/api/go.mod': 'module api' }, 'apps/go.work above it holds them together'],
    [{ 'apps/api/go.mod': 'replace example.com/x => ../../x' }, 'its go.mod names ../../x'],
    [
      { 'pyproject.toml': '[tool.uv.workspace]\nmembers = ["apps/*"]', ...member },
      'pyproject.toml above it holds them together',
    ],
    [
      { 'apps/api/poetry.lock': '', 'apps/api/pyproject.toml': 'words = { path = "../words", develop = true }' },
      'its pyproject.toml names ../words',
    ],
    [{ 'apps/api/requirements.txt': 'flask\n-e ../../libs/words\n' }, 'its requirements.txt names ../../libs/words'],
    [
      { 'settings.gradle.kts': 'include(":apps:api")', 'apps/api/build.gradle.kts': '' },
      'settings.gradle.kts above it holds them together',
    ],
    [
      { 'pom.xml': '<modules><module>apps/api</module></modules>', 'apps/api/pom.xml': '' },
      'pom.xml above it holds them together',
    ],
    [{ 'apps/api/pom.xml': '<relativePath>../pom.xml</relativePath>' }, 'its pom.xml names ../pom.xml'],
    [{ 'apps/api/package.json': '{"dependencies":{"words":"file:../words"}}' }, 'its package.json names ../words'],
    [{ 'apps/api/Gemfile': "gem 'words', path: '../words'" }, 'its Gemfile names ../words'],
    [{ 'apps/api/deps.edn': '{:deps {me/words {:local/root "../words"}}}' }, 'its deps.edn names ../words'],
  ])('stays with it: %j', async (files, why) => {
    expect(await findIn(files)).toBe(why)
  })

  it.each<[files: Record<string, string>]>([
    [{}],
    [{ 'package.json': '{"dependencies":{}}', 'apps/api/package.json': '{"files":["...x", "a/../b"]}' }],
    [{ 'package.json': '{"workspaces": []}', 'apps/api/package.json': '{}', 'apps/api/yarn.lock': '' }],
    [{ 'pom.xml': '<project/>', 'apps/api/pom.xml': '<project/>' }],
    [{ 'pyproject.toml': '[tool.uv.workspace]', ...member, 'apps/api/uv.lock': '' }],
    [{ 'settings.gradle': '', 'apps/api/build.gradle': '', 'apps/api/settings.gradle': '' }],
    [{ 'go.work': '', 'apps/api/package.json': '{}' }],
  ])('goes where the app stands alone: %j', async (files) => {
    expect(await findIn(files)).toBeNull()
  })
})
