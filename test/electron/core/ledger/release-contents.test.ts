import { beforeEach, describe, expect, test } from 'vitest'
import { HearthError, notFound } from '../../../../agent/contract/errors.ts'
import type { SlugFiles } from '../../../../agent/contract/releases/slug-files.ts'
import type { LedgerEntry, LedgerQuery } from '../../../../electron/core/ledger/ledger-store.ts'
import { ReleaseContents } from '../../../../electron/core/ledger/release-contents.ts'
import { ReleaseHistory } from '../../../../electron/core/ledger/release-history.ts'
import type { Agent } from '../../../../electron/core/ports/agent.ts'

const serverId = 'atlas'
const pair = { serverId, app: 'shop', from: 2, to: 3 }
const slugs: Record<number, string | null> = { 1: null, 2: 'slug-old', 3: 'slug-new' }

let isOnline: boolean
let copies: Record<number, Record<string, string>>
let keptFiles: Record<string, SlugFiles>
let answers: Record<string, (parameters: Record<string, string>) => unknown>
let contents: ReleaseContents
let history: ReleaseHistory

beforeEach(() => {
  isOnline = true
  keptFiles = {}
  copies = {
    1: {},
    2: { KEPT: 'a', PASSWORD: 'hunter2', OLD: 'x' },
    3: { KEPT: 'a', PASSWORD: 'hunter3', NEW: 'y' },
  }
  answers = {
    listReleases: () => [1, 2, 3].map(releaseOf),
    listReleaseStates: () => [],
    listFormation: () => [
      { type: 'web', quantity: 2 },
      { type: 'worker', quantity: 1 },
      { type: 'release', quantity: 0 },
    ],
    listBuilds: () => [{ slug: { id: 'slug-new' }, buildpacks: [{ url: 'hearth/node' }] }],
    getSlug: ({ slug }) => slugOf(String(slug)),
    listSlugFiles: ({ slug }) => filesOf(String(slug)),
  }
  const ledger = {
    list: ({ app }: LedgerQuery) =>
      [3, 2, 1].map(entryOf).filter((entry) => [entry.appId, entry.appName].includes(app ?? '')),
    notes: () => [{ serverId: 'agent-1', appId: 'app-1', version: 2, text: 'why', writtenAt: '2026-01-03' }],
    async configVars(_: string, __: string, version: number) {
      const copy = copies[version]
      if (!copy) throw notFound('config vars', `v${version}`)
      return copy
    },
    slugFiles: (_: string, checksum: string) => keptFiles[checksum] ?? null,
    keepSlugFiles(_: string, checksum: string, files: SlugFiles) {
      keptFiles[checksum] = files
    },
  }
  const servers = { names: () => [{ id: serverId, name: 'atlas', isOnline }], agent: () => agent }
  history = new ReleaseHistory(ledger as never, servers, () => 'agent-1')
  contents = new ReleaseContents(history, ledger, servers)
})

const agent = {
  async call(name: string, parameters: Record<string, string>) {
    const answer = answers[name]
    if (!answer) throw new HearthError('internal', `${name} was not expected`)
    return answer(parameters)
  },
} as unknown as Agent

describe('the difference of two releases', () => {
  test('names config vars that came, went or changed, and never tells a value', async () => {
    const difference = await contents.difference(pair)
    expect(difference.configVars).toEqual({ added: ['NEW'], removed: ['OLD'], changed: ['PASSWORD'], same: ['KEPT'] })
    expect(JSON.stringify(difference)).not.toMatch(/hunter/)
  })

  test('tells code, stack, size, buildpacks and what each process type runs, with its dynos of now', async () => {
    expect(await contents.difference(pair)).toMatchObject({
      isSameCode: false,
      commit: { from: 'c2', to: 'c3' },
      sizeBytes: { from: 10, to: 12 },
      stack: { from: 'debian-12', to: 'debian-12' },
      buildpacks: { from: null, to: ['hearth/node'] },
      processTypes: [
        { type: 'web', from: 'node old.js', to: 'node new.js', quantity: 2 },
        { type: 'worker', from: 'node worker.js', to: null, quantity: 1 },
      ],
    })
  })

  test('knows the code of a release whose slug was removed by its checksum alone', async () => {
    answers.getSlug = ({ slug }) => {
      if (slug === 'slug-old') throw notFound('slug', 'slug-old')
      return slugOf('slug-new')
    }
    expect(await contents.difference(pair)).toMatchObject({ isSameCode: false, processTypes: null })
  })

  test('with a release that has no code lists all process types as new', async () => {
    expect(await contents.difference({ ...pair, from: 1 })).toMatchObject({
      isSameCode: false,
      processTypes: [{ type: 'web', from: null, to: 'node new.js' }],
    })
  })

  test('names the files that came, went or changed, and keeps both lists for when the server is away', async () => {
    const files = {
      ...{ added: 1, removed: 1, changed: 1, more: 0, isPartial: false },
      changes: [
        { path: 'new.js', from: null, to: 4 },
        { path: 'old.js', from: 3, to: null },
        { path: 'node_modules/express/', from: 10, to: 12 },
      ],
    }
    expect((await contents.difference(pair)).files).toEqual(files)
    isOnline = false
    expect((await contents.difference(pair)).files).toEqual(files)
  })

  test('leaves files unknown when the server has removed a slug of which there is no list', async () => {
    answers.listSlugFiles = () => {
      throw notFound('list of files', 'its slug was removed')
    }
    expect(await contents.difference(pair)).toMatchObject({ files: null, isSameCode: false })
  })

  test('is told from the ledger while the server is away', async () => {
    isOnline = false
    expect(await contents.difference(pair)).toMatchObject({
      configVars: { changed: ['PASSWORD'] },
      isSameCode: false,
      commit: { from: 'c2', to: 'c3' },
      processTypes: null,
    })
  })

  test('asks the server for config vars of which the ledger has no copy', async () => {
    delete copies[2]
    answers.getReleaseConfigVars = ({ release }) => ({ KEPT: `v${release}` })
    expect((await contents.difference(pair)).configVars).toMatchObject({ changed: ['KEPT'] })
  })

  test('leaves config vars unknown for whoever may not read them, and still tells the rest', async () => {
    delete copies[2]
    answers.getReleaseConfigVars = () => {
      throw new HearthError('forbidden', 'That takes the role deploy.')
    }
    expect(await contents.difference(pair)).toMatchObject({ configVars: null, isSameCode: false })
    await expect(contents.configVarChanges(pair)).rejects.toThrow('takes the role deploy')
  })

  test('names the release that nobody knows', async () => {
    await expect(contents.difference({ ...pair, to: 9 })).rejects.toThrow('Nothing is known of v9 of shop.')
  })
})

test('a release brings its notes, while its server is away too', async () => {
  for (isOnline of [true, false]) {
    const releases = await history.ofApp(serverId, 'shop')
    expect(releases.map(({ version, notes }) => [version, notes.map(({ text }) => text)])).toEqual([
      [3, []],
      [2, ['why']],
      [1, []],
    ])
  }
})

test('values of config vars are told when they are asked for, and only of those that differ', async () => {
  expect(await contents.configVarChanges(pair)).toEqual([
    { name: 'NEW', from: null, to: 'y' },
    { name: 'OLD', from: 'x', to: null },
    { name: 'PASSWORD', from: 'hunter2', to: 'hunter3' },
  ])
})

function releaseOf(version: number) {
  const slug = slugs[version]
  return { app: { id: 'app-1', name: 'shop' }, version, slug: slug ? { id: slug } : null, addon_plan_names: [] }
}

function slugOf(id: string) {
  const isOld = id === 'slug-old'
  return {
    ...{ id, stack: { name: 'debian-12' }, size: isOld ? 10 : 12, commit: null, checksum: null },
    process_types: isOld ? { worker: 'node worker.js', web: 'node old.js' } : { web: 'node new.js' },
  }
}

function entryOf(version: number): LedgerEntry & { verified: boolean } {
  const slug = slugs[version] ?? null
  const link = { version, commit: slug && `c${version}`, slug_checksum: slug && `SHA256:${slug}`, app_id: 'app-1' }
  return {
    serverId: 'agent-1',
    serverName: 'atlas',
    appId: 'app-1',
    appName: 'shop',
    verified: true,
    link: link as never,
  }
}

function filesOf(slug: string): SlugFiles {
  const isNew = slug === 'slug-new'
  const file = (path: string, size: number, content = path) => ({
    ...{ path, size, executable: false, files: 1 },
    sha256: Buffer.from(content.padEnd(32)).toString('hex').slice(0, 64),
  })
  return {
    files: [
      file('node_modules/express/', isNew ? 12 : 10, slug),
      isNew ? file('new.js', 4) : file('old.js', 3),
      file('same.js', 5),
    ],
    left_out: 0,
  }
}
