import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, chown, mkdtemp, readdir, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { deployPreview } from '../../../electron/bridge/contract-deploys.ts'
import { FolderHashes } from '../../../electron/core/folder/folder-hash.ts'
import { previewFolder, suggestName } from '../../../electron/core/folder/folder-preview.ts'
import { walkFolder } from '../../../electron/core/folder/folder-walk.ts'
import { makeFolder } from './make-folder.ts'

const made: string[] = []

/** Root may read everything: for the while the test is somebody else, who owns the folder. */
async function asOrdinaryUser(folder: string, prove: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return prove()
  const nobody = 65_534
  await chown(folder, nobody, nobody)
  process.seteuid?.(nobody)
  try {
    await prove()
  } finally {
    process.seteuid?.(0)
  }
}
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await makeFolder(files)
  made.push(folder)
  return folder
}

const pathsOf = async (folder: string) => (await walkFolder(folder)).files.map(({ path }) => path)
const leftOutOf = async (folder: string) =>
  Object.fromEntries((await walkFolder(folder)).leftOut.map(({ path, reason }) => [path, reason]))

describe('what of a folder is deployed', () => {
  test('leaves out what every developer expects, with the reason', async () => {
    const folder = await folderOf({
      'server.js': '',
      '.git/HEAD': '',
      'node_modules/a/index.js': '',
      'lib/node_modules/b.js': '',
      '.DS_Store': '',
      '.env': 'SECRET=1',
      '.env.example': '',
    })
    expect(await pathsOf(folder)).toEqual(['.env.example', 'server.js'])
    expect(await leftOutOf(folder)).toEqual({
      '.git/': 'version control',
      'node_modules/': 'installed anew by the build',
      'lib/node_modules/': 'installed anew by the build',
      '.DS_Store': "the desktop's own file",
      '.env': 'holds secrets; set them as config vars',
    })
  })

  test('follows .gitignore files as git does, nested and negated ones too', async () => {
    const folder = await folderOf({
      '.gitignore': '*.log\n/build\n!keep.log\nUPPER\n',
      'a.log': '',
      'keep.log': '',
      upper: '',
      'build/out.js': '',
      'src/build/in.js': '',
      'src/.gitignore': '!a.log\n*.tmp\n',
      'src/a.log': '',
      'src/b.tmp': '',
      'c.tmp': '',
    })
    expect(await pathsOf(folder)).toEqual([
      '.gitignore',
      'c.tmp',
      'keep.log',
      'src/.gitignore',
      'src/a.log',
      'src/build/in.js',
      'upper',
    ])
    expect((await leftOutOf(folder))['src/b.tmp']).toBe('src/.gitignore')
  })

  test('leaves out what git keeps and .slugignore names', async () => {
    const folder = await folderOf({ '.slugignore': 'docs/\n*.psd', 'docs/a.md': '', 'x.psd': '', 'a.js': '' })
    expect(await pathsOf(folder)).toEqual(['.slugignore', 'a.js'])
    expect(await leftOutOf(folder)).toEqual({ 'docs/': '.slugignore', 'x.psd': '.slugignore' })
  })

  test('keeps executables, empty files, awkward names, and links that stay inside', async () => {
    const folder = await folderOf({ 'bin/run*': '', 'a b\n"語".js': 'x', 'deep/er/x': '' })
    await symlink('../../bin/run', join(folder, 'deep/er/link'))
    await symlink('nowhere', join(folder, 'dangling'))
    const { files, links } = await walkFolder(folder)
    expect(files.map(({ path, mode, sizeBytes }) => [path, mode, sizeBytes])).toEqual([
      ['a b\n"語".js', 0o644, 1],
      ['bin/run', 0o755, 0],
      ['deep/er/x', 0o644, 0],
    ])
    expect(links).toEqual([
      { path: 'dangling', link: 'nowhere' },
      { path: 'deep/er/link', link: '../../bin/run' },
    ])
  })

  test.each([
    ['/etc/passwd', 'which is not there on a server'],
    ['../outside', 'a link out of the folder'],
    ['a/../../outside', '".." behind a name'],
  ])('refuses a link to %s', async (target, message) => {
    const folder = await folderOf({ 'a/b': '' })
    await symlink(target, join(folder, 'link'))
    await expect(walkFolder(folder)).rejects.toThrow(message)
  })

  test('refuses what is no file and names that are not UTF-8, unless they are ignored', async () => {
    const folder = await folderOf({ 'a.js': '' })
    execFileSync('mkfifo', [join(folder, 'pipe')])
    await expect(walkFolder(folder)).rejects.toThrow('"pipe" is a named pipe')
    await writeFile(join(folder, '.gitignore'), 'pipe')
    expect(await pathsOf(folder)).toEqual(['.gitignore', 'a.js'])
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x62, 0xff])]), '')
    await expect(walkFolder(folder)).rejects.toThrow('its name is not UTF-8')
  })

  test('says what is wrong with the folder itself', async () => {
    const folder = await folderOf({ 'a.js': '' })
    await expect(walkFolder(join(folder, 'gone'))).rejects.toThrow('There is no folder')
    await expect(walkFolder(join(folder, 'a.js'))).rejects.toThrow('is a file')
  })

  test('names a file that may not be read', async () => {
    const folder = await folderOf({ 'a.js': 'x' })
    await chmod(join(folder, 'a.js'), 0)
    await asOrdinaryUser(folder, async () => {
      const hashing = walkFolder(folder).then((listing) => new FolderHashes(join(folder, '.cache')).hash(listing))
      await expect(hashing).rejects.toThrow('"a.js" may not be read')
    })
  })

  test('refuses more than 2 GB and names the biggest file', async () => {
    const folder = await folderOf({ 'small.js': 'x', 'movie.bin': '' })
    await truncate(join(folder, 'movie.bin'), 3 * 1024 ** 3)
    await expect(walkFolder(folder)).rejects.toThrow(/more than 2 GB.*"movie.bin"/)
  })
})

describe('digests of a folder', () => {
  test('are read again only for what changed', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'hearth-hashes-'))
    made.push(cache)
    const folder = await folderOf({ 'a.js': 'one', 'b.js': 'two' })
    const past = new Date(Date.now() - 10_000)
    for (const name of ['a.js', 'b.js']) await utimes(join(folder, name), past, past)
    const hash = async () =>
      Object.fromEntries(
        (await new FolderHashes(cache).hash(await walkFolder(folder))).map((file) => [
          file.path,
          'sha256' in file ? file.sha256 : file.link,
        ]),
      )
    const digest = (text: string) => createHash('sha256').update(text).digest('hex')
    expect(await hash()).toEqual({ 'a.js': digest('one'), 'b.js': digest('two') })
    // Same size and same modification time: only the inode and the change time tell.
    await writeFile(join(folder, 'c.js'), 'ONE')
    await rename(join(folder, 'c.js'), join(folder, 'a.js'))
    await utimes(join(folder, 'a.js'), past, past)
    expect(await hash()).toEqual({ 'a.js': digest('ONE'), 'b.js': digest('two') })
    expect(await readdir(cache)).toHaveLength(1)
  })
})

describe('the preview of a deploy', () => {
  const preview = async (files: Record<string, string>) =>
    deployPreview.parse(await previewFolder(await walkFolder(await folderOf(files))))

  test('shows language, process types and the biggest files', async () => {
    const shown = await preview({ 'package.json': '{"scripts":{"start":"node ."}}', 'big.js': 'x'.repeat(100) })
    expect(shown).toMatchObject({ files: 2, language: 'Node.js', processTypes: { web: 'npm start' }, warnings: [] })
    expect(shown.biggest[0]).toEqual({ path: 'big.js', sizeBytes: 100 })
  })

  test('takes the Procfile before the package, and says what is wrong with it', async () => {
    const shown = await preview({ 'package.json': '{}', Procfile: 'worker: node w.js\nnonsense\n# web: x\n' })
    expect(shown.processTypes).toEqual({ worker: 'node w.js' })
    expect(shown.warnings).toEqual([
      'Line 2 of the Procfile is not of the form "type: command".',
      'The Procfile has no "web" line, so the app will have no URL.',
    ])
  })

  test('is honest about languages that are not built in and folders without any', async () => {
    const rust = await preview({ 'Cargo.toml': '' })
    expect(rust).toMatchObject({ language: 'Rust', buildpack: null })
    expect(rust.warnings).toEqual([expect.stringContaining('Rust is not built in yet')])
    const nothing = await preview({ 'README.md': '' })
    expect(nothing.language).toBeNull()
    expect(nothing.warnings).toEqual([expect.stringContaining('No known language')])
  })

  test('names each language that would take the folder, and which one does', async () => {
    const both = await preview({ 'package.json': '{"scripts":{"start":"node ."}}', 'requirements.txt': '' })
    expect(both).toMatchObject({ language: 'Node.js', buildpack: 'hearth/node', recognisedBy: ['package.json'] })
    expect(both.warnings).toEqual([
      expect.stringContaining('It also looks like Python (requirements.txt). Node.js is taken'),
    ])
    const site = await preview({ 'public/index.html': '', 'requirements.txt': '' })
    expect(site).toMatchObject({ language: 'Python', buildpack: 'hearth/python', warnings: [] })
    expect(await preview({ 'index.html': '' })).toMatchObject({ buildpack: 'hearth/static', warnings: [] })
  })

  test('names the buildpacks that the folder itself asks for, and warns of no language then', async () => {
    const listed = await preview({ '.buildpacks': 'heroku/nodejs\nhttps://example.com/x.git#v1\n', 'app.json': '{}' })
    expect(listed.asked).toEqual({
      file: '.buildpacks',
      references: ['heroku/nodejs', 'https://example.com/x.git#v1'],
    })
    expect(listed.warnings).toEqual([])
    const manifest = await preview({ 'app.json': '{"buildpacks":[{"url":"heroku/python"}]}', 'index.html': '' })
    expect(manifest.asked).toEqual({ file: 'app.json', references: ['heroku/python'] })
  })

  test('names the apps below where the top is none, or is a workspace of them', async () => {
    const files = {
      'web/index.html': '',
      'api/package.json': '{}',
      'api/lib/package.json': '{}',
      'docs/index.html': '',
    }
    const apps = await preview(files)
    expect(apps.projects).toEqual([
      { path: 'api', language: 'Node.js' },
      { path: 'web', language: 'Static site' },
    ])
    expect(apps.warnings).toEqual([
      expect.stringMatching(/apps in api \(Node\.js\), web \(Static site\)\. .*PROJECT_PATH/),
    ])
    const top = '{"scripts":{"start":"node ."}}'
    expect(await preview({ ...files, 'package.json': top })).toMatchObject({ projects: [], warnings: [] })
    const workspace = await preview({ ...files, 'package.json': top.replace('{', '{"workspaces":["api"],') })
    expect(workspace.projects.map(({ path }) => path)).toEqual(['api', 'web'])
  })

  test('of the folder of several that is the app tells its language and its .slugignore', async () => {
    const files = { 'go.work': '', 'api/go.mod': '', 'api/Procfile': 'web: bin/api', 'api/.slugignore': 'data' }
    const root = await folderOf({
      ...files,
      'api/data/big.csv': '',
      'data/small.csv': '',
      'web/.slugignore': 'index.html',
    })
    const chosen = await previewFolder(await walkFolder(root, undefined, 'api'), 'api')
    expect(chosen).toMatchObject({ language: 'Go', recognisedBy: ['go.mod'], processTypes: { web: 'bin/api' } })
    expect(chosen.projects).toEqual([{ path: 'api', language: 'Go' }])
    expect(chosen.leftOut).toEqual([{ path: 'api/data/', reason: 'api/.slugignore' }])
    expect(chosen.files).toBe(6)
    expect((await previewFolder(await walkFolder(root))).leftOut).toEqual([])
  })

  test('warns of secrets that stay here and of a package that cannot be read', async () => {
    const { warnings } = await preview({ '.env': 'A=1', 'package.json': '{' })
    expect(warnings).toEqual([
      expect.stringContaining('.env stays here'),
      expect.stringContaining('not valid JSON'),
      expect.stringContaining('Nothing says how to start'),
    ])
  })

  test.each([
    ['My Shop (2)', 'my-shop-2'],
    ['3d-viewer', 'app-3d-viewer'],
    ['Čaj', 'caj'],
    ['x', 'x-app'],
    ['語', 'app'],
    [`${'a'.repeat(29)}-b`, 'a'.repeat(29)],
  ])('suggests a name that fits for %s', (folder, name) => {
    expect(suggestName(folder)).toBe(name)
  })
})
