import { expect, test } from 'vitest'
import { isInner, listensForNames, parseNameServers } from '../../../agent/systemd/network/name-servers.ts'

test('reads the name servers of a resolv.conf, and which of them a dyno does not reach', () => {
  const text =
    '# made by\nnameserver 127.0.0.53\n nameserver 192.168.1.1\nsearch lan\nnameserver fd00::1\nnameserver ::1\nnameserver fe80::1%eth0\n'
  const all = parseNameServers(text)
  expect(all).toEqual(['127.0.0.53', '192.168.1.1', 'fd00::1', '::1', 'fe80::1%eth0'])
  expect(all.filter((address) => !isInner(address))).toEqual(['192.168.1.1', 'fd00::1'])
})

test('sees who listens for names on the bridge: on its address or on all, not on the loopback interface alone', () => {
  const head =
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n'
  const line = (local: string) =>
    `${head}  114: ${local} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 9 2 0 0\n`
  const listens = (udp: string, udp6 = head) => listensForNames({ udp, udp6 }, '10.213.0.1')
  expect(listens(line('0100007F:0035'))).toBe(false)
  expect(listens(line('00000000:14E9'))).toBe(false)
  expect(listens(line('00000000:0035'))).toBe(true)
  expect(listens(line('0100D50A:0035'))).toBe(true)
  expect(listens(head, line(`${'0'.repeat(32)}:0035`))).toBe(true)
})
