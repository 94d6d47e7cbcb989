import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeSlugArchive } from '../../../agent/builds/slugs/slug-archive.ts'
import { FileSlugStore } from '../../../agent/builds/slugs/slug-store.ts'
import { digestTree } from '../../../agent/builds/trees/tree-digest.ts'
import type { SlugParts } from '../../../agent/core/ports/builds/slug-store.ts'
import { runCommand } from '../../../agent/exec/command.ts'
import { openLocalStacks } from '../../../agent/stack/local-stack.ts'

let directory: string
let messages: string[]
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'hearth-slugs-'))
  messages = []
})
afterEach(() => rm(directory, { recursive: true, force: true }))

function openStore(): FileSlugStore {
  const stacks = openLocalStacks({ directory: path.join(directory, 'layers'), registryUrl: 'http://127.0.0.1:9/' })
  const log = (message: string) => void messages.push(message)
  return new FileSlugStore({ directory: path.join(directory, 'slugs'), stacks, log })
}

async function addSlug(store: FileSlugStore, text: string): Promise<SlugParts> {
  const built = await mkdtemp(path.join(directory, 'build-'))
  const app = path.join(built, 'app')
  await mkdir(path.join(app, 'bin'), { recursive: true })
  await writeFile(path.join(app, 'bin/run'), text)
  await chmod(path.join(app, 'bin/run'), 0o4700)
  await writeFile(path.join(app, 'private'), 'x', { mode: 0o600 })
  await symlink('/usr/bin/env', path.join(app, 'absolute-link'))
  const tree = await digestTree(app)
  await store.add(built, tree)
  return { checksum: tree.checksum, layers: [], stack: 'local' }
}

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  )

describe('slug store', () => {
  it('opens a slug in a folder named app, alone, writable by its owner only, with no set-user-id bits', async () => {
    const store = openStore()
    const slug = await addSlug(store, 'one')
    const tree = await store.open(slug)
    expect(path.basename(tree.appDirectory)).toBe('app')
    expect(tree).toMatchObject({ checksum: slug.checksum, layerDirectories: [], stackDirectory: null })
    expect((await stat(path.join(tree.appDirectory, 'private'))).mode & 0o7777).toBe(0o644)
    expect((await stat(path.join(tree.appDirectory, 'bin/run'))).mode & 0o7777).toBe(0o755)
    await store.waitForArchive(slug.checksum)
    expect(await store.archiveSizeBytes(slug.checksum)).toBeGreaterThan(50)
  })

  it('writes the same archive of the same tree, whenever and in whatever order its files were made', async () => {
    const archives = await Promise.all(
      [
        ['b', 'a'],
        ['a', 'b'],
      ].map(async (names, index) => {
        const folder = await mkdtemp(path.join(directory, 'tree-'))
        await mkdir(path.join(folder, 'app'))
        for (const name of names) {
          await writeFile(path.join(folder, 'app', name), name)
          await utimes(path.join(folder, 'app', name), index + 1, index + 1)
        }
        await writeSlugArchive(folder, `${folder}.tar.zst`, new AbortController().signal)
        return readFile(`${folder}.tar.zst`)
      }),
    )
    expect(archives[0]?.equals(archives[1] ?? Buffer.alloc(0))).toBe(true)
  })

  it('archives a slug that is given to its app meanwhile', async () => {
    const app = path.join(directory, 'slug/app')
    await mkdir(app, { recursive: true })
    const files = Array.from({ length: 40 }, (_, index) => path.join(app, `${index}`.padStart(2, '0')))
    for (const file of files) await writeFile(file, randomBytes(1024 * 1024))
    const archive = path.join(directory, 'archive')
    let isDone = false
    const writing = writeSlugArchive(path.dirname(app), archive, new AbortController().signal).finally(
      () => (isDone = true),
    )
    // Like a change of owner, which only root may make.
    while (!isDone) for (const file of files) await chmod(file, 0o644)
    await writing
    const { stdout } = await runCommand(['tar', '--zstd', '--list', '--file', archive])
    expect(stdout.trim().split('\n')).toHaveLength(files.length + 1)
  })

  it('lists what a slug holds, dependencies as one each, also of a slug whose list is lost, but not of one that changed', async () => {
    const store = openStore()
    const built = await mkdtemp(path.join(directory, 'build-'))
    const write = async (name: string, text: string) => {
      await mkdir(path.join(built, 'app', path.dirname(name)), { recursive: true })
      await writeFile(path.join(built, 'app', name), text)
    }
    await write('server.js', 'abc')
    await write('node_modules/express/index.js', 'de')
    await write('node_modules/express/node_modules/deep/index.js', 'f')
    await write('node_modules/@own/part/index.js', 'g')
    const tree = await digestTree(path.join(built, 'app'))
    await store.add(built, tree)
    const listed = await store.files(tree.checksum)
    expect(listed.left_out).toBe(0)
    expect(listed.files.map(({ path, size, files }) => [path, size, files])).toEqual([
      ['node_modules/@own/part/', 1, 1],
      ['node_modules/express/', 3, 2],
      ['server.js', 3, 1],
    ])
    const hex = tree.checksum.slice('SHA256:'.length)
    await writeFile(path.join(directory, 'slugs', `${hex}.files.json`), '{"files":[')
    expect(await openStore().files(tree.checksum)).toEqual(listed)
    await rm(path.join(directory, 'slugs', `${hex}.files.json`))
    await writeFile(path.join(directory, 'slugs', hex, 'app/server.js'), 'evil')
    await expect(openStore().files(tree.checksum)).rejects.toMatchObject({ id: 'not_found' })
    await store.close()
  })

  it('keeps one copy of what is built twice', async () => {
    const store = openStore()
    const [first, second] = [await addSlug(store, 'one'), await addSlug(store, 'one')]
    expect(second.checksum).toBe(first.checksum)
    expect(await addSlug(store, 'two')).not.toEqual(first)
    await store.close()
  })

  it.each([
    ['a changed file', (app: string) => writeFile(path.join(app, 'bin/run'), 'evil')],
    ['a lost file', (app: string) => rm(path.join(app, 'private'))],
    ['a lost tree', (app: string) => rm(path.dirname(app), { recursive: true })],
  ])('extracts a slug with %s again from its archive, at the next start', async (_what, damage) => {
    const store = openStore()
    const slug = await addSlug(store, 'one')
    const { appDirectory } = await store.open(slug)
    await store.waitForArchive(slug.checksum)
    await damage(appDirectory)
    const tree = await openStore().open(slug)
    expect(await readFile(path.join(tree.appDirectory, 'bin/run'), 'utf8')).toBe('one')
    expect((await digestTree(tree.appDirectory)).checksum).toBe(slug.checksum)
    expect(messages.join()).toMatch(/extracted again/)
  })

  it('says so when the archive is damaged too', async () => {
    const store = openStore()
    const slug = await addSlug(store, 'one')
    const { appDirectory } = await store.open(slug)
    await store.waitForArchive(slug.checksum)
    await writeFile(path.join(appDirectory, 'bin/run'), 'evil')
    await writeFile(`${path.dirname(appDirectory)}.tar.zst`, 'garbage')
    await expect(openStore().open(slug)).rejects.toThrow(/both damaged. Deploy the app again/)
  })

  it('collects what nothing refers to', async () => {
    const store = openStore()
    const [kept, dropped] = [await addSlug(store, 'one'), await addSlug(store, 'two')]
    await Promise.all([kept, dropped].map((slug) => store.waitForArchive(slug.checksum)))
    const { appDirectory } = await store.open(dropped)
    expect(await store.collect([kept], [])).toBeGreaterThan(0)
    expect(await exists(appDirectory)).toBe(false)
    expect(await store.archiveSizeBytes(dropped.checksum)).toBeNull()
    await expect(store.files(dropped.checksum)).rejects.toMatchObject({ id: 'not_found' })
    await store.open(kept)
    await expect(store.openArchive(dropped.checksum)).rejects.toMatchObject({ id: 'not_found' })
    expect((await buffer(await store.openArchive(kept.checksum))).length).toBe(
      await store.archiveSizeBytes(kept.checksum),
    )
  })

  it('takes away what a collection left that was killed, and builds the same slug again meanwhile', async () => {
    const store = openStore()
    const slug = await addSlug(store, 'one')
    const { appDirectory } = await store.open(slug)
    await store.waitForArchive(slug.checksum)
    const tree = path.dirname(appDirectory)
    const left = path.join(directory, 'slugs', `.removed-${path.basename(tree)}`)
    await rename(tree, left)
    await rm(`${tree}.tar.zst`)
    const again = openStore()
    await again.open(await addSlug(again, 'one'))
    await again.collect([slug], [])
    expect(await exists(left)).toBe(false)
    expect(await exists(appDirectory)).toBe(true)
    await again.close()
  })
})
