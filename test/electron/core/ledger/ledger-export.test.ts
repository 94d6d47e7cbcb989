import { expect, test } from 'vitest'
import type { Ledger } from '../../../../electron/core/ledger/ledger.ts'
import { exportLedger, renderCsv } from '../../../../electron/core/ledger/ledger-export.ts'

const link = {
  ...{ app_id: 'app-1', version: 2, release_id: 'r2', description: '=HYPERLINK("x"), or so', user: 'ann@laptop' },
  ...{ created_at: '2026-01-02T00:00:00.000Z', slug_id: 's', slug_checksum: 'SHA256:ab', commit: 'c0ffee' },
  ...{ config_digest: 'd', config_salt: 'salty', previous_hash: '0', hash: 'f00', signature: 'sig' },
}
const place = { serverId: 'agent-1', serverName: 'atlas', appId: 'app-1', appName: 'shop' }
const note = { serverId: 'agent-1', appId: 'app-1', version: 2, text: 'first\nsecond', writtenAt: '2026-01-03' }
const ledger = {
  list: () => [
    { ...place, link, verified: true },
    { ...place, link: { ...link, version: 1, description: 'Initial release', commit: null }, verified: false },
  ],
  notes: () => [note],
  findings: () => [],
  serverKey: () => 'KEY',
} as unknown as Ledger
const options = { query: {}, now: new Date('2026-02-03T04:05:06Z') }

test('JSON has every link with its mark, its notes and the key that signs', () => {
  const { name, text } = exportLedger(ledger, { ...options, format: 'json' })
  expect(name).toBe('hearth-ledger-2026-02-03.json')
  expect(JSON.parse(text)).toMatchObject({
    exported_at: '2026-02-03T04:05:06.000Z',
    servers: [{ id: 'agent-1', name: 'atlas', public_key: 'KEY' }],
    findings: [],
    releases: [
      { server: 'atlas', app: 'shop', version: 2, hash: 'f00', signature: 'sig', verified: true },
      { version: 1, verified: false, notes: [] },
    ],
  })
  expect(JSON.parse(text).releases[0].notes).toEqual([{ text: 'first\nsecond', written_at: '2026-01-03' }])
})

test('what would let short config vars be guessed is left out unless it is wanted', () => {
  expect(exportLedger(ledger, { ...options, format: 'json' }).text).not.toMatch(/salty|config_digest/)
  expect(exportLedger(ledger, { ...options, format: 'json', withProofs: true }).text).toContain(
    '"config_salt": "salty"',
  )
})

test('CSV keeps commas, quotes and lines in their cells, and no cell is a formula', () => {
  expect(exportLedger(ledger, { ...options, format: 'csv' }).text.split('\r\n')).toEqual([
    'server,app,release,created_at,user,description,commit,slug_checksum,verified,hash,notes',
    'atlas,shop,v2,2026-01-02T00:00:00.000Z,ann@laptop,"\'=HYPERLINK(""x""), or so",c0ffee,SHA256:ab,yes,f00,"first\nsecond"',
    'atlas,shop,v1,2026-01-02T00:00:00.000Z,ann@laptop,Initial release,,SHA256:ab,no,f00,',
    '',
  ])
  expect(renderCsv([['+1', '-1', '@x', 'a-b']])).toContain("\r\n'+1,'-1,'@x,a-b\r\n")
})
