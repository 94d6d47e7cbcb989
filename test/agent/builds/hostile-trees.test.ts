import { execFileSync } from 'node:child_process'
import { access, chmod, mkdir, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeTree } from '../../../agent/builds/trees/remove-tree.ts'
import { digestTree, type TreeLimits } from '../../../agent/builds/trees/tree-digest.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'hearth-hostile-tree-'))
})
afterEach(() => removeTree(directory))

const inside = (script: string) => execFileSync('bash', ['-c', script], { cwd: directory })
/** A path of some 6,000 bytes. */
const makeDeep = () =>
  inside('name=$(printf "x%.0s" {1..200}); for i in {1..30}; do mkdir $name && cd -P $name; done; touch end')
const digest = (limits: Partial<TreeLimits> = {}) =>
  digestTree(directory, undefined, { maximumBytes: Infinity, maximumEntries: Infinity, ...limits })

describe('what a hostile build leaves', () => {
  it('is removed although Node can not name it: folders too deep, names in no encoding, folders locked', async () => {
    makeDeep()
    await expect(rm(directory, { recursive: true })).rejects.toMatchObject({ code: 'ENAMETOOLONG' })
    inside("mkdir $'a\\xff' && touch $'a\\xff/\\xfe'; mkdir -p locked/within && chmod 0 locked/within locked")
    await removeTree(directory)
    await expect(access(directory)).rejects.toMatchObject({ code: 'ENOENT' })
    await removeTree(directory)
  })

  it('is refused as a slug in plain words when its folders are too deep or a name is no text', async () => {
    inside("touch $'caf\\xe9'")
    await expect(digest()).rejects.toThrow("It made a file whose name is no UTF-8: 'caf\ufffd'. Give it another name.")
    await removeTree(directory)
    await mkdir(directory)
    makeDeep()
    await expect(digest()).rejects.toThrow(/path was longer than 4,096 bytes: 'x+.*Make them less deep\.$/)
  })

  it('is refused before a byte of it is read when it is too large or too many', async () => {
    // A file of holes: to read it would take hours.
    await writeFile(path.join(directory, 'holes\u001b[31m'), '')
    await truncate(path.join(directory, 'holes\u001b[31m'), 8e12)
    await expect(digest({ maximumBytes: 4e9 })).rejects.toThrow(
      /^The slug is too large: with holes it has 7629395 MB, and 3815 MB is the most\. Leave files out/,
    )
    await removeTree(directory)
    await mkdir(directory)
    inside('touch {1..300}')
    await expect(digest({ maximumEntries: 299 })).rejects.toThrow(/^The app has more than 299 files and folders/)
    expect((await digest({ maximumEntries: 300 })).entries).toHaveLength(300)
  })

  it('can be read although its owner took the permission away, and is the same slug', async () => {
    await mkdir(path.join(directory, 'locked'))
    await writeFile(path.join(directory, 'locked/file'), 'x')
    const { checksum } = await digest()
    await chmod(path.join(directory, 'locked/file'), 0)
    await chmod(path.join(directory, 'locked'), 0)
    expect((await digest()).checksum).toBe(checksum)
    expect((await stat(path.join(directory, 'locked'))).mode & 0o500).toBe(0o500)
  })
})
