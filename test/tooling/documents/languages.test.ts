import { readFileSync } from 'node:fs'
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { builtIns } from '../../../agent/contract/builds/built-in-buildpacks.ts'
import { runCommand } from '../../../agent/exec/command.ts'
import { root } from '../repository.ts'
import { languagesFile, readLanguages, renderLanguages } from './languages.ts'

const languages = await readLanguages()

describe('the page of languages', () => {
  it('is what the buildpacks say of themselves (npm run docs)', () => {
    expect(readFileSync(path.join(root, languagesFile), 'utf8')).toBe(renderLanguages(languages))
  })

  it('has every built-in buildpack', () => {
    expect(languages.map(({ buildpack }) => buildpack)).toEqual(builtIns.map(({ name }) => name))
    expect(languages.map(({ name }) => name)).toEqual(builtIns.map(({ language }) => language))
    expect(languages.map(({ detectedBy }) => detectedBy)).toEqual(builtIns.map(({ files }) => files))
  })
})

describe.each(languages)('the buildpack of $name', ({ name, buildpack, detectedBy, failures }) => {
  const detect = path.join(root, 'buildpacks', path.basename(buildpack), 'bin/detect')

  it.each(detectedBy)('recognises an app by %s', async (file) => {
    const app = await mkdtemp(path.join(os.tmpdir(), 'hearth-detect-'))
    try {
      const before = await runCommand(['bash', detect, app], { expectedStatuses: [1] })
      expect(before.status).toBe(1)
      expect(before.stderr).not.toBe('')
      await mkdir(path.dirname(path.join(app, file)), { recursive: true })
      await writeFile(path.join(app, file.replace('*', 'any')), '')
      expect((await runCommand(['bash', detect, app])).stdout).toBe(`${name}\n`)
    } finally {
      await rm(app, { recursive: true, force: true })
    }
  })

  it('gives each failure a name, and advice', async () => {
    const ids = failures.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { headline, advice } of failures) expect(`${headline}${advice}`).not.toMatch(/\$[2-9&]/)
    await access(detect)
  })
})
