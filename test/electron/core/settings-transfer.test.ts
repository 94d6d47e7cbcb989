import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../electron/core/settings.ts'
import { exportSettings, type NamedServer, planImport, updateOf } from '../../../electron/core/settings-transfer.ts'

const settings: Settings = {
  ...{ theme: 'dark', terminalFontSize: 15, singleKeys: false, notifiesEnds: true, showsTray: true },
  pinnedApps: [
    { serverId: 'this-computer', appId: 'notes' },
    { serverId: 'a', appId: 'shop' },
    { serverId: 'gone', appId: 'old' },
  ],
  paneRows: [{ serverId: 'a', appId: 'shop', screen: 'log', panes: [{ id: '1', kind: 'log', share: 1 }] }],
}
const embedded: NamedServer = {
  id: 'this-computer',
  kind: 'embedded',
  name: 'This computer',
  host: '',
  port: 0,
  user: '',
}
const atlas = { id: 'a', kind: 'ssh', name: 'atlas', host: 'atlas.example.net', port: 22, user: 'root' } as const
const six = { id: 'b', kind: 'ssh', name: 'six', host: '2001:db8::1', port: 2222, user: 'ann' } as const
const text = exportSettings(settings, [
  embedded,
  { ...atlas, hostKeys: ['secret'], login: { kind: 'key' } } as NamedServer,
  six,
])

const fresh: Settings = {
  ...{ theme: 'system', terminalFontSize: 13, singleKeys: true, notifiesEnds: true, showsTray: false },
  ...{ pinnedApps: [], paneRows: [] },
}

test('a file has switches, pins by address, and servers by name and address, and nothing else', () => {
  expect(JSON.parse(text)).toEqual({
    ...{ kind: 'hearth-settings', version: 1 },
    settings: { theme: 'dark', terminalFontSize: 15, singleKeys: false, notifiesEnds: true, showsTray: true },
    pins: [
      { server: 'this-computer', appId: 'notes' },
      { server: 'root@atlas.example.net:22', appId: 'shop' },
    ],
    servers: [
      { name: 'atlas', address: 'root@atlas.example.net:22' },
      { name: 'six', address: 'ann@[2001:db8::1]:2222' },
    ],
  })
  expect(text).not.toMatch(/secret|login|hostKeys/)
})

test('a plan says what would change here, by the ids of here', () => {
  const other = { ...atlas, id: 'z', name: 'mountain' }
  const plan = planImport(text, fresh, [embedded, other])
  expect(plan.settings).toEqual([
    { name: 'theme', from: 'system', to: 'dark' },
    { name: 'terminalFontSize', from: 13, to: 15 },
    { name: 'singleKeys', from: true, to: false },
    { name: 'showsTray', from: false, to: true },
  ])
  expect(plan.pins).toEqual([
    { serverId: 'this-computer', appId: 'notes' },
    { serverId: 'z', appId: 'shop' },
  ])
  expect(plan.renames).toEqual([{ serverId: 'z', from: 'mountain', to: 'atlas' }])
  expect(plan.unknownServers).toEqual([{ name: 'six', address: 'ann@[2001:db8::1]:2222' }])
})

test('an import keeps the pins that are here, and the same file again changes nothing', () => {
  const servers = [embedded, atlas, six]
  const before = { ...fresh, pinnedApps: [{ serverId: 'b', appId: 'mine' }] }
  const after = { ...before, ...updateOf(planImport(text, before, servers), before) } as Settings
  expect(after).toMatchObject({ theme: 'dark', pinnedApps: [{ appId: 'mine' }, { appId: 'notes' }, { appId: 'shop' }] })
  const again = planImport(text, after, servers)
  expect(again).toEqual({ settings: [], pins: [], renames: [], unknownServers: [] })
  expect(updateOf(again, after)).toEqual({})
})

describe('nothing is taken of a file', () => {
  const edit = (change: (file: Record<string, unknown>) => void) => {
    const file = JSON.parse(text)
    change(file)
    return JSON.stringify(file)
  }
  test.each([
    ['that is none', 'hello', /no file of Hearth’s settings/],
    ['of another program', '{"kind":"other","version":1}', /no file of Hearth’s settings/],
    ['of a later version', edit((file) => Object.assign(file, { version: 2 })), /version 2, and this Hearth reads 1/],
    [
      'with a field that is not known',
      edit((file) => Object.assign(file, { token: 'x' })),
      /can’t be used.*Nothing was changed/,
    ],
    [
      'with a value that is not allowed',
      edit((file) => Object.assign(file.settings as object, { terminalFontSize: 900 })),
      /settings\.terminalFontSize/,
    ],
    ['without a part', edit((file) => Object.assign(file, { pins: undefined })), /pins/],
  ])('%s', (_, bad, why) => {
    expect(() => planImport(bad, fresh, [])).toThrow(why)
  })
})
