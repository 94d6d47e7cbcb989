import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { bringBuildpacks, chooseOrder, renderOrder } from '../../../../agent/builds/cloud-native/bring-buildpacks.ts'
import { chooseFiles } from '../../../../agent/builds/cloud-native/choose-files.ts'
import { noDescriptor, parseProjectToml } from '../../../../agent/builds/cloud-native/project-toml.ts'

const whole = `
[_]
schema-version = "0.2"
id = "io.example.shop"
[_.metadata]
anything = true
[io.buildpacks]
builder = "heroku/builder:24"
exclude = ["/spec/", "*.md"]
[[io.buildpacks.group]]
id = "heroku/nodejs"
version = "3.2.1"
[[io.buildpacks.group]]
uri = "urn:cnb:builder:heroku/procfile"
[[io.buildpacks.group]]
uri = "./buildpacks/own"
[[io.buildpacks.post.group]]
id = "acme/inline"
  [io.buildpacks.post.group.script]
  api = "0.10"
  inline = """
echo built inline
"""
[[io.buildpacks.build.env]]
name = "JAVA_OPTS"
value = "-Xmx1g"
[com.example]
other = "not ours"
`

it('a project.toml says which builder, which buildpacks, which files and which variables', () => {
  expect(parseProjectToml(whole)).toEqual({
    builder: 'heroku/builder:24',
    group: [
      { kind: 'builder', id: 'heroku/nodejs', version: '3.2.1' },
      { kind: 'builder', id: 'heroku/procfile', version: null },
      { kind: 'folder', folder: 'buildpacks/own' },
    ],
    pre: [],
    post: [{ kind: 'script', id: 'acme/inline', api: '0.10', shell: '/bin/sh', inline: 'echo built inline\n' }],
    environment: { JAVA_OPTS: '-Xmx1g' },
    include: null,
    exclude: ['/spec/', '*.md'],
  })
})

it('one that is of other tools only asks for nothing', () => {
  expect(parseProjectToml('[_]\nschema-version = "0.2"\n[com.example]\na = 1\n')).toEqual(noDescriptor)
})

const own = '[_]\nschema-version = "0.2"\n[io.buildpacks]\n'
const refused: [string, string, RegExp][] = [
  ['no TOML', '[_\n', /it is no TOML/],
  ['the first schema', '[project]\nid = "shop"\n[build]\nbuilder = "x"\n', /schema-version is missing/],
  ['both lists of files', `${own}include = ["a"]\nexclude = ["b"]\n`, /both include and exclude/],
  ['a misspelt key', `${own}bilder = "x"\n`, /bilder/],
  [
    'a buildpack of an archive',
    `${own}[[io.buildpacks.group]]\nuri = "https://acme.example/pack.tgz"\n`,
    /can't be had/,
  ],
  ['a folder outside of the source', `${own}[[io.buildpacks.group]]\nuri = "../own"\n`, /can't be had/],
  ['an id that leads elsewhere', `${own}[[io.buildpacks.group]]\nid = "../etc"\n`, /is no id of a buildpack/],
  ['a variable that is none', `${own}[[io.buildpacks.build.env]]\nname = "../A"\nvalue = ""\n`, /build\.env\.0\.name/],
]
it.each(refused)('%s in it is refused with the reason', (_, text, reason) => {
  expect(() => parseProjectToml(text)).toThrow(reason)
  expect(() => parseProjectToml(text)).toThrow("project.toml can't be followed")
})

async function makeFolder(files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-project-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const name of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), name)
  }
  return folder
}
const filesOf = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()

const source = ['cmd/main.go', 'go.mod', 'spec/a.go', 'lib/spec/b.go', 'README.md', 'lib/notes.md']

it('what exclude names is left out of a build, by the rules of .gitignore', async () => {
  const folder = await makeFolder(source)
  expect(await chooseFiles(folder, { include: null, exclude: ['/spec/', '*.md', '!README.md'] })).toBe(2)
  expect(await filesOf(folder)).toEqual(['README.md', 'cmd/main.go', 'go.mod', 'lib/spec/b.go'])
})

it('of what include does not name nothing is there', async () => {
  const folder = await makeFolder(source)
  await chooseFiles(folder, { include: ['cmd/', 'go.mod', 'lib/**/*.go'], exclude: [] })
  expect(await filesOf(folder)).toEqual(['cmd/main.go', 'go.mod', 'lib/spec/b.go'])
})

const fetch = async () => null

const builder = {
  ...{ id: 'x', digest: 'x', api: '0.14', uid: 1000, gid: 1000, lifecycle: null, runImages: ['run'] },
  buildpacks: [
    { id: 'heroku/nodejs', version: '3.2.1' },
    { id: 'heroku/procfile', version: '4.0.0' },
  ],
  order: [[{ id: 'heroku/nodejs', version: '3.2.1' }], [{ id: 'heroku/procfile', version: '4.0.0', optional: true }]],
}

it('buildpacks of the source join those of the builder in the order that the lifecycle gets', async () => {
  const folder = await makeFolder([])
  await mkdir(path.join(folder, 'buildpacks/own/bin'), { recursive: true })
  await writeFile(path.join(folder, 'buildpacks/own/buildpack.toml'), '[buildpack]\nid = "acme/own"\nversion = "1.0"\n')
  const target = await makeFolder([])
  const descriptor = parseProjectToml(whole)
  const named = [...descriptor.pre, ...descriptor.group, ...descriptor.post]
  const brought = await bringBuildpacks(named, { source: folder, target, owner: null, fetch })
  expect([...brought.values()].map(({ folders }) => folders)).toEqual([
    [{ from: '2', to: 'acme_own/1.0' }],
    [{ from: '3', to: 'acme_inline/0.0.0' }],
  ])
  expect(await readFile(path.join(target, '3/bin/build'), 'utf8')).toBe('#!/bin/sh\necho built inline\n\n')
  const order = chooseOrder('heroku/builder:24', descriptor, builder, brought)
  expect(renderOrder(order ?? [])).toBe(
    [
      ...['[[order]]', '[[order.group]]', 'id = "heroku/nodejs"', 'version = "3.2.1"', ''],
      ...['[[order.group]]', 'id = "heroku/procfile"', 'version = "4.0.0"', ''],
      ...['[[order.group]]', 'id = "acme/own"', 'version = "1.0"', ''],
      ...['[[order.group]]', 'id = "acme/inline"', 'version = "0.0.0"', ''],
    ].join('\n'),
  )
})

it('buildpacks before and after stand in each group of the builder', () => {
  const named = { kind: 'builder', id: 'heroku/procfile', version: null } as const
  const order = chooseOrder('b', { ...noDescriptor, post: [named] }, builder, new Map())
  expect(order?.map((group) => group.map(({ id }) => id))).toEqual([
    ['heroku/nodejs', 'heroku/procfile'],
    ['heroku/procfile', 'heroku/procfile'],
  ])
  expect(chooseOrder('b', noDescriptor, builder, new Map())).toBeNull()
})

it('a buildpack that the builder does not have is refused with those that it has', () => {
  const ask = (id: string, version: string | null) => () =>
    chooseOrder('heroku/builder:24', { ...noDescriptor, group: [{ kind: 'builder', id, version }] }, builder, new Map())
  expect(ask('heroku/cobol', null)).toThrow('It has heroku/nodejs, heroku/procfile.')
  expect(ask('heroku/nodejs', '1.0.0')).toThrow('heroku/builder:24 has heroku/nodejs 3.2.1.')
})

it('a buildpack’s folder that is reached by a link is not the source’s', async () => {
  const folder = await makeFolder(['a/file'])
  await symlink('/etc', path.join(folder, 'own'))
  const bring = bringBuildpacks([{ kind: 'folder', folder: 'own' }], {
    source: folder,
    target: folder,
    owner: null,
    fetch,
  })
  await expect(bring).rejects.toThrow('names the buildpack ./own, which is not a folder of the source')
})

it('a packaged buildpack brings all that it is made of, and none that is a link', async () => {
  const target = await makeFolder(['0/acme_all/2.0/buildpack.toml', '0/acme_part/1.1/buildpack.toml', '0/file'])
  await symlink('/etc', path.join(target, '0/acme_part/1.2'))
  await symlink('/etc', path.join(target, '0/acme_evil'))
  const labels = { 'io.buildpacks.buildpackage.metadata': '{"id":"acme/all","version":"2.0","stacks":[]}' }
  const descriptor = parseProjectToml(`${own}[[io.buildpacks.group]]\nuri = "docker://registry.example/all:2"\n`)
  const bring = (inspection: string) =>
    bringBuildpacks(descriptor.group, { source: target, target, owner: null, fetch: async () => inspection })
  const brought = await bring(JSON.stringify([{ Config: { Labels: labels } }]))
  expect([...brought.values()]).toEqual([
    {
      ...{ id: 'acme/all', version: '2.0' },
      folders: [
        { from: '0/acme_all/2.0', to: 'acme_all/2.0' },
        { from: '0/acme_part/1.1', to: 'acme_part/1.1' },
      ],
    },
  ])
  await expect(bring('[{"Config":{}}]')).rejects.toThrow('is no packaged buildpack')
})
