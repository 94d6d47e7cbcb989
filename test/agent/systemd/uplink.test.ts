import type { NetworkInterfaceInfo } from 'node:os'
import { expect, it } from 'vitest'
import { describeUplink, parseIpv6Routes, parseRoutes } from '../../../agent/systemd/network/uplink.ts'

const route = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	0101A8C0	0003	0	0	100	00000000	0	0	0
wg0	0000080A	00000000	0001	0	0	0	0000FFFF	0	0	0
eth1	00000000	0101A8C0	0002	0	0	200	00000000	0	0	0
`
const ipv6Route = `00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00450003     eth0
20010db8000100000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`

const at = (family: 'IPv4' | 'IPv6', cidr: string) =>
  ({ family, cidr, address: cidr.split('/')[0], internal: false }) as NetworkInterfaceInfo

it('leads over the interfaces of the default routes that are up and lead somewhere', () => {
  expect(parseRoutes(route)).toEqual(['eth0'])
  expect(parseIpv6Routes(ipv6Route)).toEqual(['eth0'])
  expect([parseRoutes(''), parseIpv6Routes('')]).toEqual([[], []])
})

it("has the server's addresses there, none of a private network beside", () => {
  const interfaces = {
    eth0: [at('IPv4', '192.0.2.7/24'), at('IPv6', '2001:db8:1::7/64'), at('IPv6', 'fe80::7/64')],
    wg0: [at('IPv4', '10.8.0.1/16')],
  }
  expect(describeUplink({ ipv4: ['eth0'], ipv6: ['eth0'] }, interfaces)).toEqual({
    addresses: ['192.0.2.7', '2001:db8:1::7'],
    hasIpv6: true,
    neighbours: ['2001:db8:1::7/64'],
  })
  expect(describeUplink({ ipv4: ['eth0'], ipv6: [] }, interfaces)).toEqual({
    addresses: ['192.0.2.7'],
    hasIpv6: false,
    neighbours: [],
  })
})
