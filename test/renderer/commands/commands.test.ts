// The registry as a whole: what holds for every command, whichever group it stands in.
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { AppSummary, BridgeDomain } from '../../../electron/bridge/contract.ts'
import type { Command } from '../../../renderer/commands/command.ts'
import { listEntries, searchEntries } from '../../../renderer/commands/palette-search.ts'
import { appCommands } from '../../../renderer/commands/places/app-commands.ts'
import { paneCommands } from '../../../renderer/commands/places/pane-commands.ts'
import { commandsFor, commandsOf } from '../../../renderer/commands/registry.ts'
import {
  acceleratorOf,
  follow,
  formatPressed,
  isSingle,
  sayShortcut,
} from '../../../renderer/commands/shortcuts/shortcut.ts'
import { nameOf, type Place, type Subjects } from '../../../renderer/commands/subject.ts'
import { sheetLabel } from '../../../renderer/commands/words.ts'
import { onePane, type Pane } from '../../../renderer/lib/panes/pane-layout.ts'
import { setResource, useResources } from '../../../renderer/stores/resources.ts'
import { useRoute } from '../../../renderer/stores/route.ts'
import { summarize } from '../world/fake-bridge.ts'
import { makeCertificate } from '../world/fake-domains.ts'
import { type FakeApp, makeWorld } from '../world/fake-world.ts'

const world = makeWorld(false)
const apps = world.apps.map((app) => summarize(world, app))
const find = (name: string) => apps.find(({ app }) => app.name === name) as AppSummary
const shop = find('corner-shop')
const [atlas] = world.servers.filter(({ id }) => id === 'atlas')
const release = world.apps.find(({ app }) => app.name === 'corner-shop')?.releases[1]
if (!atlas || !release) throw new Error('the fake world has changed')
const row = { summary: shop, panes: onePane('log'), split: vi.fn(), close: vi.fn(), leave: vi.fn() }
const pane = { summary: shop, row, pane: row.panes[0] as Pane }
const bob = { id: 'user-2', email: 'bob@example.com', keys: [] }
const grace = {
  user: { id: 'user-1', email: 'grace@example.com' },
  ...{
    role: 'deploy',
    app_role: 'deploy',
    server_role: null,
    keys: [],
    granted_by: null,
    created_at: '2026-11-01T00:00:00Z',
  },
} satisfies Subjects['member']['member']
const subjects: Subjects = {
  pane,
  desktop: {},
  server: { server: atlas },
  app: { summary: shop },
  dyno: { summary: shop, dyno: { name: 'run.4711', type: 'run', state: 'up' } },
  domain: { summary: shop, domain: { hostname: 'shop.example.com', kind: 'custom' } as BridgeDomain },
  certificate: { summary: shop, certificate: makeCertificate(world.apps[0] as FakeApp, ['shop.example.com']) },
  release: { summary: shop, release, releases: [release] },
  member: { summary: shop, member: grace, isYou: false },
  person: {
    server: atlas,
    person: { ...bob, role: 'view', granted_by: null, apps: [], created_at: '2026-11-01T00:00:00Z' },
  },
  key: {
    server: atlas,
    key: { id: 'key-1', comment: 'bob@laptop', fingerprint: 'SHA256:abc' },
    owner: bob,
    isOnly: false,
  },
}
const places = Object.keys(subjects) as Place[]
const all = places.flatMap((place) =>
  (commandsOf(place) as unknown as Command<Place>[]).map((command) => ({ command, subject: subjects[place] })),
)

const openWorld = (route: Parameters<typeof useRoute.setState>[0] = { screen: 'apps' }) => {
  setResource('apps.list', {}, apps)
  setResource('servers.list', {}, world.servers)
  useRoute.setState(route, true as false)
}
afterEach(() => {
  useResources.setState({}, true)
  useRoute.setState({ screen: 'apps' }, true)
})

test('no two commands have one id, nor one key at the same place', () => {
  expect(new Set(all.map(({ command }) => command.id)).size).toBe(all.length)
  const keysOf = (place: Place) =>
    [...commandsOf(place), ...commandsOf('desktop')].flatMap(({ shortcut }) => shortcut ?? [])
  for (const place of ['app', 'server', 'pane'] as const) expect(keysOf(place)).toEqual([...new Set(keysOf(place))])
})

test('no key is hidden behind a longer one that begins with it', () => {
  const shortcuts = all.flatMap(({ command }) => command.shortcut ?? [])
  for (const shortcut of shortcuts)
    expect(
      shortcuts.filter((other) => other.startsWith(`${shortcut} `)),
      shortcut,
    ).toEqual([])
})

test('every command that has a key has a name for the sheet', () => {
  const nameless = all.filter(({ command: { id, shortcut } }) => shortcut !== null && sheetLabel(id) === id)
  expect(nameless.map(({ command }) => command.id)).toEqual([])
})

test('what takes something away names it, and says what is lost', () => {
  const harmful = all.filter(({ command }) => command.loss)
  expect(harmful.map(({ command }) => command.id)).toEqual([
    ...[
      'server.forget',
      'app.destroy',
      'dyno.stop',
      'domain.remove',
      'certificate.remove',
      'member.leave',
      'member.remove',
      'person.remove',
      'key.remove',
    ],
  ])
  for (const { command, subject } of harmful) {
    const said = `${command.loss?.title(subject)} ${command.loss?.lost(subject)}`
    // Of an app's person the app is named as well: it is what they lose.
    const name = 'member' in subject ? 'corner-shop' : nameOf(subject).split(' ').at(-1)
    expect(said.split(name ?? '').length, command.id).toBeGreaterThanOrEqual(2)
  }
  expect(appCommands.destroy.loss?.lost({ summary: shop })).toContain('can’t be undone')
  expect(appCommands.destroy.isTyped).toBe(true)
})

describe('what a command takes', () => {
  const accessOf = (role: 'view' | 'manage') => ({
    role,
    managers: ['ann@laptop'],
    apps: [{ app: { id: shop.app.id, name: shop.app.name }, role }],
  })

  test('is a role, and the reason names who can give it', () => {
    openWorld()
    expect(appCommands.restart.obstacle({ summary: shop })).toBe(null)
    setResource('access.own', { serverId: 'atlas' }, accessOf('view') as never)
    expect(appCommands.restart.obstacle({ summary: shop })).toMatch(/takes the role operate.*ann@laptop can give it/)
    expect(appCommands.logs.obstacle({ summary: shop })).toBe(null)
  })

  test('is a server that answers', () => {
    expect(appCommands.destroy.obstacle({ summary: find('home-wiki') })).toBe(
      'The server is offline: connect it first.',
    )
  })

  test('is an address to open', () => {
    expect(appCommands.open.obstacle({ summary: { ...shop, url: null } })).toMatch(/no address before its first deploy/)
  })
})

test('a dyno that came by the formation is restarted, a one-off dyno is stopped', () => {
  const idsFor = (dyno: Subjects['dyno']['dyno']) => commandsFor('dyno', { summary: shop, dyno }).map(({ id }) => id)
  expect(idsFor({ name: 'web.1', type: 'web', state: 'up' })).toEqual(['dyno.logs', 'dyno.terminal', 'dyno.restart'])
  expect(idsFor(subjects.dyno.dyno)).toEqual(['dyno.logs', 'dyno.terminal', 'dyno.stop'])
})

describe('the palette', () => {
  const labels = (query: string) => searchEntries(listEntries(query !== ''), query).map(({ label }) => label)

  test('begins with what the window shows', () => {
    openWorld({ screen: 'app', serverId: 'atlas', app: 'corner-shop', tab: 'logs' })
    expect(listEntries(false)[0]).toMatchObject({ group: 'corner-shop', label: 'corner-shop: Overview' })
  })

  test('finds an act on an app that is not shown, after those on the one that is', () => {
    openWorld({ screen: 'app', serverId: 'atlas', app: 'corner-shop', tab: 'logs' })
    const found = labels('restart')
    expect(found[0]).toBe('corner-shop: Restart all dynos')
    expect(found).toContain('weather-api: Restart all dynos')
    expect(labels('weather restart')).toEqual(['weather-api: Restart all dynos'])
  })

  test('finds what can be done to people of the app that is shown, and to the pane', () => {
    openWorld({ screen: 'app', serverId: 'atlas', app: 'corner-shop', tab: 'access' })
    expect(labels('grace remove')).toEqual([])
    setResource('access.app', { serverId: 'atlas', app: 'corner-shop' }, { people: [grace] } as never)
    expect(labels('grace remove')).toEqual(['grace@example.com: Remove from corner-shop'])
    expect(labels('grace role')).toHaveLength(3)
    expect(labels('invite')).toContain('corner-shop: Let somebody in')
    expect(labels('export csv')).toEqual(['Export the ledger as CSV, for spreadsheets'])
    expect(labels('split')).toEqual([])
  })

  test('finds by other words than those that it shows', () => {
    openWorld({ screen: 'app', serverId: 'atlas', app: 'corner-shop', tab: 'logs' })
    expect(labels('environment')[0]).toBe('corner-shop: Config vars')
    expect(labels('no such thing')).toEqual([])
  })
})

describe('a shortcut', () => {
  const pressed = (key: string, more: object = {}) =>
    formatPressed({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more }, false)

  test('is Ctrl with a key, or a character wherever the keyboard has it', () => {
    expect(pressed('k', { ctrlKey: true })).toBe('mod+k')
    expect(pressed('?', { shiftKey: true })).toBe('?')
    expect([
      pressed('Shift', { shiftKey: true }),
      pressed('k', { metaKey: true }),
      pressed('k', { altKey: true }),
    ]).toEqual([null, null, null])
    expect([isSingle('?'), isSingle('g l'), isSingle('mod+k'), isSingle('alt+shift+ArrowLeft')]).toEqual([
      ...[true, true, false, false],
    ])
  })

  test('of a pane is none that a program in a terminal could want', () => {
    const keys = commandsOf('pane').flatMap(({ shortcut }) => shortcut ?? [])
    const ctrl = { ctrlKey: true }
    for (const wanted of [
      pressed('e', ctrl),
      pressed('x', ctrl),
      pressed('ArrowLeft', { altKey: true }),
      pressed('ArrowLeft', ctrl),
    ])
      expect(keys).not.toContain(wanted)
    expect(pressed('E', { ...ctrl, shiftKey: true })).toBe(paneCommands.split.shortcut)
    expect(pressed('ArrowLeft', { altKey: true, shiftKey: true })).toBe(paneCommands.left.shortcut)
    expect([pressed('=', ctrl), pressed('+', { ...ctrl, shiftKey: true })]).toEqual(
      Array(2).fill(paneCommands.larger.shortcut),
    )
  })

  test('is where its letter is on a keyboard of another script', () => {
    expect(pressed('У', { code: 'KeyE', ctrlKey: true, shiftKey: true })).toBe('mod+shift+e')
    expect(pressed('é', { code: 'Digit2', ctrlKey: true })).toBe('mod+é')
  })

  test('is in the system’s menu as Electron writes it, but for those by which the system zooms', () => {
    expect(['mod+,', 'mod+shift+e', 'alt+shift+ArrowLeft', 'g l', 'mod++', null].map(acceleratorOf)).toEqual([
      ...['CmdOrCtrl+,', 'CmdOrCtrl+Shift+E', 'Alt+Shift+LEFT', null, null, null],
    ])
  })

  test('may be two keys one after the other', () => {
    const shortcuts = ['g l', 'g a', 'l', 'mod+k']
    expect(follow(shortcuts, '', 'g')).toEqual({ waitsAfter: 'g' })
    expect(follow(shortcuts, 'g', 'a')).toEqual({ hit: 'g a' })
    expect(follow(shortcuts, 'g', 'mod+k')).toEqual({ hit: 'mod+k' })
    expect(follow(shortcuts, 'g', 'x')).toBe(null)
  })

  test('is said as the keyboard has it', () => {
    expect(sayShortcut('mod+k', false)).toBe('Ctrl K')
    expect(sayShortcut('mod+k', true)).toBe('⌘ K')
    expect([sayShortcut('mod++', false), sayShortcut('mod+shift+e', true)]).toEqual(['Ctrl +', '⇧ ⌘ E'])
    expect([sayShortcut('g l', false), sayShortcut('?', false), sayShortcut('mod+,', false)]).toEqual([
      'G L',
      '?',
      'Ctrl ,',
    ])
  })
})
