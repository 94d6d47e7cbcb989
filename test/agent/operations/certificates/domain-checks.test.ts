import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkDomain, isPrivate } from '../../../../agent/core/domains/domain-check.ts'
import { openNameSystem } from '../../../../agent/names/name-system.ts'
import { fakeNames } from '../fakes/fake-ports.ts'
import { Bench } from '../workbench.ts'

let bench: Bench
beforeEach(async () => {
  bench = new Bench()
})
afterEach(() => bench.close())

const check = (addresses: string[], a: string[], aaaa: string[] = [], cname: string[] = []) =>
  checkDomain({ hostname: 'www.example.com', addresses, found: { a, aaaa, cname } })

it('a domain says what its DNS should say and what it says, asked anew after a minute', async () => {
  let records: string[] = []
  let asked = 0
  bench.names = {
    ...fakeNames,
    addresses: () => ['203.0.113.5', '2001:db8::5'],
    resolve: async (_, kind) => {
      asked += 1
      return kind === 'A' ? records : []
    },
  }
  await bench.start()
  await bench.createApp()
  const parameters = { app: 'shop' }
  await bench.call('createDomain', { parameters, body: { hostname: 'www.example.com' } })
  const look = async () => (await bench.call('listDomains', { parameters, body: undefined })).map(({ dns }) => dns)
  expect(await look()).toEqual([
    null,
    {
      state: 'missing',
      expected: ['www.example.com A 203.0.113.5', 'www.example.com AAAA 2001:db8::5'],
      found: [],
      message:
        'Nothing leads to this server yet. Add a record for 203.0.113.5 or 2001:db8::5 where you manage the domain.',
    },
  ])
  records = ['203.0.113.5']
  expect((await look())[1]?.state).toBe('missing')
  expect(asked).toBe(3)
  await bench.clock.advance(61_000)
  expect((await look())[1]).toMatchObject({ state: 'ok', found: ['www.example.com A 203.0.113.5'], message: null })
})

it('a DNS that can not be asked is no reason to say anything else', async () => {
  bench.names = { ...fakeNames, addresses: () => [], resolve: () => Promise.reject(new Error('timeout')) }
  await bench.start()
  await bench.createApp()
  const body = { hostname: 'www.example.com' }
  const { dns } = await bench.call('createDomain', { parameters: { app: 'shop' }, body })
  expect(dns).toMatchObject({ state: 'unknown', found: [] })
})

it('records that lead elsewhere, some or all of them, are named', async () => {
  await bench.start()
  expect(check(['203.0.113.5'], ['203.0.113.5', '198.51.100.7'])).toMatchObject({
    state: 'partly',
    message: 'Some visitors are led to 198.51.100.7, which is not this server. Remove those records.',
  })
  expect(check(['203.0.113.5'], ['198.51.100.7'], [], ['old.example.net'])).toMatchObject({
    state: 'elsewhere',
    found: ['www.example.com CNAME old.example.net', 'www.example.com A 198.51.100.7'],
    message: expect.stringContaining('and this server is 203.0.113.5'),
  })
  expect(check(['192.168.1.5'], ['198.51.100.7']).message).toContain('HEARTH_ADDRESSES')
  expect(check(['2001:db8::1'], [], ['2001:db8:0:0::1']).state).toBe('ok')
})

it('who has a public address is told of no private one, and of an alias that leads nowhere', async () => {
  await bench.start()
  const addresses = ['203.0.113.5', '10.17.0.5', '169.254.7.7', '2001:db8::5', 'fd00::5']
  expect(check(addresses, [], [], ['shop.example.net'])).toMatchObject({
    state: 'missing',
    expected: ['www.example.com A 203.0.113.5', 'www.example.com AAAA 2001:db8::5'],
    message:
      'It is another name for shop.example.net, which has no address. Put in its place a record for 203.0.113.5 or 2001:db8::5 where you manage the domain.',
  })
  // Who asks from the same network may be led there.
  expect(check(addresses, ['10.17.0.5']).state).toBe('ok')
  expect(check(['192.168.1.5', '2001:db8::5'], []).expected).toHaveLength(2)
})

const open = (known: string[]) => openNameSystem({ known, choice: null, report: () => {} })

it('private addresses are known, and the server never counts its inner networks as its own', async () => {
  await bench.start()
  expect(['10.0.0.1', '172.16.3.4', '192.168.0.9', '100.64.1.1', '169.254.1.1', 'fd00::1'].every(isPrivate)).toBe(true)
  expect(['172.32.0.1', '100.128.0.1', '8.8.8.8', '2001:db8::1'].some(isPrivate)).toBe(false)
  expect(open(['198.51.100.1']).addresses()).toEqual(['198.51.100.1'])
  expect(open([]).addresses()).not.toContain('127.0.0.1')
})
