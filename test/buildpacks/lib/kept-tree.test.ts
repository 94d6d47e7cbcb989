import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KeptTree } from '../../../buildpacks/lib/kept-tree.ts'

let folder: string
let made: string
let target: string
let kept: KeptTree
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'hearth-kept-'))
  made = path.join(folder, 'made')
  target = path.join(folder, 'target')
  await mkdir(made)
  await writeFile(path.join(made, 'package'), 'installed')
  kept = new KeptTree(path.join(folder, 'cache'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const inputs = { 'requirements.txt': 'flask==3.1.0\n', 'the stack': 'debian-12' }

describe('a kept tree', () => {
  it('comes back while all that it was made from is the same', async () => {
    await kept.keep(inputs, made)
    expect(await kept.restore({ ...inputs }, target)).toBeNull()
    expect(await readFile(path.join(target, 'package'), 'utf8')).toBe('installed')
  })

  it('stays away and says why when anything changed, came or went', async () => {
    await kept.keep(inputs, made)
    const changed = { ...inputs, 'requirements.txt': 'flask==3.1.1\n', Python: '3.13' }
    expect(await kept.restore(changed, target)).toBe('requirements.txt, Python changed since the last build')
    expect(await kept.restore({ 'the stack': 'debian-12' }, target)).toBe(
      'requirements.txt changed since the last build',
    )
    expect(await readdir(folder)).not.toContain('target')
  })

  it('is not there before it was kept, after it was dropped, or when it was kept by half', async () => {
    expect(await kept.restore(inputs, target)).toBe('')
    await kept.keep(inputs, made)
    await rm(path.join(folder, 'cache/tree-inputs.json'))
    expect(await kept.restore(inputs, target)).toBe('')
    await kept.keep(inputs, made)
    await kept.drop()
    expect(await kept.restore(inputs, target)).toBe('')
  })

  it('keeps no text of what it was made from', async () => {
    await kept.keep({ setting: 'a-secret-token' }, made)
    expect(await readFile(path.join(folder, 'cache/tree-inputs.json'), 'utf8')).not.toContain('secret')
  })
})
