import { createSocket } from 'node:dgram'
import { afterEach, expect, it } from 'vitest'
import { chooseNames, nameTemplates } from '../../../agent/core/domains/default-names.ts'
import { dnsTarget } from '../../../agent/core/domains/domain-check.ts'
import { MulticastNames } from '../../../agent/names/multicast-names.ts'
import { parseQuery } from '../../../agent/names/multicast-packet.ts'
import { fakeMachine, fakeNames } from '../operations/fakes/fake-ports.ts'
import { Bench } from '../operations/workbench.ts'
import { eventually } from '../router/routed.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

it('a server has names that suit where it is, and none on this computer', () => {
  const names = (addresses: string[], runner: 'systemd' | 'process' = 'systemd') =>
    nameTemplates(chooseNames(runner, addresses), addresses)
  expect(names(['192.168.1.5', 'fd00::5'])).toEqual(['{app}.local'])
  expect(names(['10.0.0.5', '203.0.113.5'])).toEqual(['{app}.203-0-113-5.sslip.io'])
  expect(names(['2001:db8::'])).toEqual(['{app}.2001-db8--0.sslip.io'])
  expect(names(['203.0.113.5'], 'process')).toEqual([])
  expect(names([])).toEqual([])
  expect(nameTemplates({ local: true, addressDomain: 'apps.example.org' }, ['10.1.2.3'])).toEqual([
    '{app}.local',
    '{app}.10-1-2-3.apps.example.org',
  ])
})

it('every app is routed by its own name and announced, but not by one that is the domain of another', async () => {
  const bench = new Bench()
  opened.push(bench)
  const announced: (readonly string[])[] = []
  bench.names = {
    ...fakeNames,
    choice: { local: true, addressDomain: 'sslip.io' },
    local: { announce: async (names) => void announced.push(names) },
  }
  await bench.start()
  await bench.createApp()
  await bench.call('createDomain', { parameters: { app: 'shop' }, body: { hostname: 'store.local' } })
  await bench.createApp('store')
  const names = (app: string) => bench.router.app(app).hostnames
  await eventually(() => names('shop').includes('shop.local'))
  expect(names('shop')).toEqual(['shop.localhost', 'store.local', 'shop.local', 'shop.203-0-113-5.sslip.io'])
  await eventually(() => names('store').length > 1)
  expect(names('store')).toEqual(['store.localhost', 'store.203-0-113-5.sslip.io'])
  await eventually(() => announced.at(-1)?.length === 2)
  expect([...(announced.at(-1) ?? [])].sort()).toEqual(['shop.local', 'store.local'])
  await bench.call('createDomain', { parameters: { app: 'store' }, body: { hostname: 'shop.203-0-113-5.sslip.io' } })
  expect(names('shop')).toEqual(['shop.localhost', 'store.local', 'shop.local'])
  const { router } = await bench.call('getServer', { parameters: {}, body: undefined })
  expect(router.names).toEqual(['{app}.local', '{app}.203-0-113-5.sslip.io'])
  expect(fakeMachine.facts.runner).toBe('systemd')
})

const query = (name: string, type: number): Buffer => {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]))
  return Buffer.concat([Buffer.from([0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), ...labels, Buffer.from([0, 0, type, 0, 1])])
}

/** What the first record of an answer to one of these questions says. */
function addressIn(answer: Buffer): number[] {
  const question = answer.indexOf(0, 12) + 5
  const record = answer.indexOf(0, question) + 1
  return [...answer.subarray(record + 10, record + 10 + answer.readUInt16BE(record + 8))]
}

async function openResponder(addresses = ['192.168.1.5', 'fd00::5']) {
  const responder = new MulticastNames({ port: 0, addresses: () => addresses, report: () => {} })
  opened.push(responder)
  await responder.announce(['shop.local'])
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  opened.push({ close: () => new Promise((resolve) => socket.close(() => resolve())) })
  const ask = (packet: Buffer) => socket.send(packet, responder.port ?? 0, '127.0.0.1')
  const answer = () => new Promise<Buffer>((resolve) => socket.once('message', resolve))
  return { responder, ask, answer }
}

it('who asks for a name of an app hears the address, in the answer to its own question', async () => {
  const { ask, answer } = await openResponder()
  ask(query('Shop.local', 1))
  const v4 = await answer()
  expect(v4.readUInt16BE(0)).toBe(7)
  expect(addressIn(v4)).toEqual([192, 168, 1, 5])
  ask(query('shop.local', 28))
  expect(Buffer.from(addressIn(await answer())).toString('hex')).toBe('fd000000000000000000000000000005')
})

it('nobody is answered about other names, nor for what is no question, and a name that goes is forgotten', async () => {
  const { responder, ask, answer } = await openResponder()
  const loop = Buffer.concat([query('a', 1).subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])])
  for (const packet of [Buffer.alloc(3), loop, query('other.local', 1), Buffer.alloc(600, 255)]) ask(packet)
  ask(query('shop.local', 1))
  expect(addressIn(await answer())).toEqual([192, 168, 1, 5])
  expect([loop, Buffer.alloc(600, 255)].map(parseQuery)).toEqual([null, null])
  await responder.announce(['cart.local'])
  ask(query('shop.local', 1))
  ask(query('cart.local', 28))
  expect(Buffer.from(addressIn(await answer())).toString('hex')).toBe('fd000000000000000000000000000005')
})

it('who asks for another kind of record than a name has is told which kinds it has, and need not wait', async () => {
  const { ask, answer } = await openResponder(['192.168.1.5'])
  for (const type of [28, 65]) {
    ask(query('shop.local', type))
    // The name itself, and a window of one byte in which A (1) is the second bit.
    const denial = Buffer.from([
      0,
      47,
      0,
      1,
      0,
      0,
      0,
      10,
      0,
      15,
      4,
      ...Buffer.from('shop'),
      5,
      ...Buffer.from('local'),
      0,
      0,
      1,
      0x40,
    ])
    const heard = await answer()
    expect(heard.subarray(-denial.length)).toEqual(denial)
    expect([heard.readUInt16BE(6), heard.readUInt16BE(10)]).toEqual([1, 0])
  }
})

it('a domain leads to the name that its app has in the DNS, else to the address that visitors reach', () => {
  const addresses = ['192.168.1.2', '203.0.113.5']
  expect(dnsTarget(['shop.local', 'shop.203-0-113-5.sslip.io'], addresses)).toBe('shop.203-0-113-5.sslip.io')
  expect(dnsTarget(['shop.local'], addresses)).toBe('203.0.113.5')
  expect(dnsTarget([], ['192.168.1.2'])).toBe('192.168.1.2')
  expect(dnsTarget([], [])).toBeNull()
})
