import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, fixture, type HearthServer } from '../hearth-server.ts'
import { ask } from '../resilience/load.ts'
import { type Ipv6Internet, openIpv6Internet } from './ipv6-internet.ts'
import { askForName, startOwnNameServer } from './own-name-server.ts'
import { runInApp } from './run-in-app.ts'

let hearth: HearthServer
beforeAll(async () => {
  hearth = await bootHearthServer()
  const { server, desktop } = hearth
  // A private network of the server's, as of a tunnel, and somebody's page for administrators on all its addresses.
  await server.exec(['ip', 'addr', 'add', '10.99.0.1/32', 'dev', 'lo'])
  const listen = "require('net').createServer((socket) => socket.end()).listen(443)"
  await server.exec(['systemd-run', '/usr/lib/hearth/current/node', '-e', listen])
  await desktop.deploy('probing', fixture('node-hello'))
}, 400_000)
afterAll(() => hearth?.[Symbol.asyncDispose]())

/** Which of these a dyno reaches, `address/port`. */
async function reached(places: readonly string[]): Promise<string[]> {
  const probes = places.map((place) => `(timeout 3 bash -c ': >/dev/tcp/${place}' && echo reached ${place})`)
  const { output } = await runInApp(hearth.desktop, 'probing', `${probes.join('; ')} 2>&1`)
  return [...output.matchAll(/reached (\S+)/g)].map(([, place]) => place ?? '')
}

const onServer = async (script: string) =>
  (await hearth.server.exec(['sh', '-c', script], { allowFailure: true })).stdout.trim()

/** What another machine of the server's network hears when it asks everybody for a name (RFC 6762), as it came. */
async function askEverybody(name: string, from: string): Promise<Buffer> {
  const labels = name.split('.').map((label) => `${String.fromCharCode(label.length)}${label}`)
  const query = `\0\x07\0\0\0\x01\0\0\0\0\0\0${labels.join('')}\0\0\x01\0\x01`
  const socket = createSocket('udp4').bind(0, from)
  await once(socket, 'listening')
  socket.setMulticastInterface(from)
  const asking = setInterval(() => socket.send(query, 5353, '224.0.0.251'), 500)
  try {
    const [answer] = await once(socket, 'message', { signal: AbortSignal.timeout(30_000) })
    return answer as Buffer
  } finally {
    clearInterval(asking)
    socket.close()
  }
}

describe('the name of an app under .local', () => {
  test('leads other machines of its network to the server, and there to the app', async () => {
    const { host } = hearth.server
    const answer = await askEverybody('probing.local', host.replace(/\.\d+$/, '.1'))
    expect(answer.includes(Buffer.from(host.split('.').map(Number)))).toBe(true)
    expect(answer.readUInt16BE(0)).toBe(7)
    expect((await ask({ host, port: 80, hostname: 'probing.local' })).status).toBe(200)
  })
})

describe('the network of dynos', () => {
  test('leads to the ports 80 and 443 that visitors come to, and to no others and no private address of the server', async () => {
    const { host } = hearth.server
    const bridge = (await onServer('ip -4 -o addr show hearth0')).match(/inet ([\d.]+)/)?.[1]
    const places = [host, '10.99.0.1', bridge].flatMap((address) => [22, 80, 443].map((port) => `${address}/${port}`))
    expect(await reached(places)).toEqual([`${host}/80`, `${host}/443`])
  })

  test.each([
    ['itself', undefined],
    ['on its loopback interface alone', '127.0.0.1'],
  ])('leads to the name server that this server has %s', async (_where, address) => {
    const names = await startOwnNameServer(hearth.server, address)
    const areFound = async () => (await runInApp(hearth.desktop, 'probing', askForName)).output.includes('192.0.2.53')
    try {
      await eventually(areFound, 60_000, 'names are not found')
    } finally {
      await names.stop()
    }
  })

  test('is closed before a dyno starts though all rules were flushed a moment ago', async () => {
    await onServer('nft flush ruleset')
    expect(await reached([`${hearth.server.host}/22`])).toEqual([])
    expect(await onServer('journalctl -u hearth-agent')).toContain('are put right')
  })

  test.each([
    ['all rules', 'nft flush ruleset'],
    ['one chain', 'nft flush chain inet hearth input'],
    ['the bridge', 'ip link delete hearth0'],
  ])('is put right without any start after somebody took away %s', async (_what, command) => {
    const look = 'nft list chain inet hearth input; ip -br addr show hearth0; ip -br link show master hearth0'
    const before = await onServer(look)
    expect(before).toMatch(/reject with icmpx[\s\S]*hearth-\d+/)
    const mended = () => onServer("journalctl -u hearth-agent | grep -c 'are put right'")
    const times = await mended()
    await onServer(command)
    await eventually(async () => (await mended()) !== times, 30_000, 'nobody noticed')
    const isWhole = async () => /reject with icmpx[\s\S]*10\.\d+\.0\.1[\s\S]*hearth-\d+/.test(await onServer(look))
    await eventually(isWhole, 30_000, 'the network is not put right')
    expect(await reached([`${hearth.server.host}/22`])).toEqual([])
    // The app's dynos that were running meanwhile are reached again.
    const { host } = hearth.server
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      http.get({ host, headers: { host: 'probing.localhost' } }, resolve).on('error', reject)
    })
    answer.resume()
    expect(answer.statusCode).toBe(200)
  })
})

describe('a server with IPv6 alone', () => {
  let internet: Ipv6Internet
  let own: string
  beforeAll(async () => {
    internet = await openIpv6Internet()
    own = await internet.connect(hearth.server)
  })
  afterAll(() => internet?.[Symbol.asyncDispose]())

  test('builds with what is there, and its dynos reach it', async () => {
    const { desktop } = hearth
    await desktop.calls['apps.create']({ serverId: desktop.serverId, name: 'six' })
    await desktop.calls['buildpacks.update']({ ...desktop.of('six'), buildpacks: [internet.buildpack] })
    const { state, output } = await desktop.tryDeploy('six', fixture('procfile-missing-web'))
    expect(output).toContain('-----> Remote app detected')
    expect(state, output).toBe('succeeded')
    const { far, neighbour, port } = internet
    const gate = 'fd68:6561:7274:68::1'
    const places = [`${far}/${port}`, `${neighbour}/${port}`, `${own}/22`, `${own}/80`, `${gate}/22`, `${gate}/80`]
    expect(await reached(places)).toEqual([`${far}/${port}`, `${own}/80`])
  })

  test('takes from an app what it sends in its own name, not in that of another', async () => {
    const prefix = 'fd68:6561:7274:68'
    const send = `use Socket qw(:all); socket(S, AF_INET6, SOCK_DGRAM, 0); setsockopt(S, 41, 78, pack("i", 1)) or die;
      bind(S, pack_sockaddr_in6(0, inet_pton(AF_INET6, $ARGV[0]))) or die;
      print "sent as $ARGV[0]\\n" if send(S, "x", 0, pack_sockaddr_in6(53, inet_pton(AF_INET6, "${prefix}::1")))`
    const own = `$(sed -n 's/^\\(.*\\) [0-9a-f]* 80 00 [0-9a-f]* *eth0/\\1/p' /proc/net/if_inet6 | sed 's/..../&:/g; s/:$//')`
    const command = `for name in ${own} ${prefix}::999; do perl -e '${send}' "$name"; done`
    const { output } = await runInApp(hearth.desktop, 'probing', command)
    expect(output.match(/sent as /g), output).toHaveLength(1)
    expect(output).not.toContain('::999')
  })

  test('lets them pass another firewall that drops what is forwarded, as ufw and Docker have it, after its own rules', async () => {
    const chain = 'chain ip6 filter FORWARD { type filter hook forward priority 0; policy drop; }'
    await onServer(`nft 'add table ip6 filter; add ${chain}; add rule ip6 filter FORWARD tcp dport 25 drop'`)
    const places = [`${internet.far}/${internet.port}`, `${internet.neighbour}/${internet.port}`]
    const passes = async () => (await reached(places)).join() === places[0]
    await eventually(passes, 60_000, 'dynos reach nothing any more')
    const rules = await onServer('nft list chain ip6 filter FORWARD')
    expect(rules).toMatch(/dport 25 drop\s+iifname "hearth0" .*accept\s+oifname "hearth0" .*accept/)
    await onServer('nft delete table ip6 filter')
  })

  test('keeps taking its own address and way out from its router', async () => {
    expect(await onServer('cat /proc/sys/net/ipv6/conf/all/forwarding')).toBe('1')
    expect(await onServer('cat /proc/sys/net/ipv6/conf/eth0/accept_ra')).toBe('2')
  })

  test('has dynos without IPv6 once it has none itself', async () => {
    await onServer('ip -6 route delete default')
    const hasNone = async () =>
      !(await onServer('ip netns exec $(ls /run/netns | head -1) ip -6 route')).includes('default')
    await eventually(hasNone, 30_000, 'IPv6 leads nowhere and dynos are not told')
  })
})
