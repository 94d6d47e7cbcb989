import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, fixture, type HearthServer } from '../hearth-server.ts'
import { ask } from '../resilience/load.ts'
import { askForName, startOwnNameServer } from './own-name-server.ts'
import { runInApp } from './run-in-app.ts'

/** Somewhere on the Internet, as the server sees it: behind a link of its own, with these ports open. */
const far = { address: '203.0.113.2', open: 4000, forbidden: 4001 }
const listen = `[${far.open}, ${far.forbidden}].forEach((port) => require('net').createServer((s) => s.end()).listen(port))`

let hearth: HearthServer
beforeAll(async () => {
  hearth = await bootHearthServer()
  await onServer(
    'apt-get update -qq; apt-get install -qq -y --no-install-recommends ufw firewalld; systemctl disable --now firewalld',
  )
  await onServer(`ip netns add far; ip link add far0 type veth peer name eth0 netns far
    ip addr add 203.0.113.1/24 dev far0; ip link set far0 up
    ip -n far addr add ${far.address}/24 dev eth0; ip -n far link set eth0 up; ip -n far link set lo up`)
  await onServer(`systemd-run -p NetworkNamespacePath=/run/netns/far /usr/lib/hearth/current/node -e "${listen}"`)
  await hearth.desktop.deploy('probing', fixture('node-hello'))
}, 600_000)
afterAll(() => hearth?.[Symbol.asyncDispose]())

const onServer = async (script: string) =>
  (await hearth.server.exec(['sh', '-c', script], { allowFailure: true })).stdout.trim()

/** Which of these a dyno reaches, `address/port`. */
async function reached(places: readonly string[]): Promise<string[]> {
  const probes = places.map((place) => `(timeout 3 bash -c ': >/dev/tcp/${place}' && echo reached ${place})`)
  const { output } = await runInApp(hearth.desktop, 'probing', `${probes.join('; ')} 2>&1`)
  return [...output.matchAll(/reached (\S+)/g)].map(([, place]) => place ?? '')
}

/** Dynos get out, in, and nowhere else. */
async function expectWays(allowed: readonly number[]): Promise<void> {
  const { host } = hearth.server
  const places = [far.open, far.forbidden].map((port) => `${far.address}/${port}`)
  const wanted = allowed.map((port) => `${far.address}/${port}`)
  let found: string[] = []
  const isSo = async () => {
    found = await reached([...places, `${host}/22`])
    return found.join() === wanted.join()
  }
  await eventually(isSo, 60_000, 'dynos do not reach what they should').catch(async (error: Error) => {
    const looks = [
      'ip addr show far0',
      'ip neigh',
      'ip netns exec far ss -ltn',
      'ip -s link show far0',
      'nft list ruleset',
    ]
    throw new Error(`${error.message}: ${found.join()}\n${await onServer(looks.join('; '))}`)
  })
  expect((await ask({ host, port: 80, hostname: 'probing.localhost' })).status).toBe(200)
}

describe('ufw', () => {
  afterAll(() => onServer('ufw --force reset'))

  test.each(['deny', 'reject'])(
    'that is to %s what is forwarded, and what goes out, lets dynos pass and its own rules count',
    async (policy) => {
      await onServer(`ufw --force reset; ufw allow 22/tcp; ufw allow 80,443/tcp; ufw allow out 53; ufw default ${policy} routed
      ufw default ${policy} outgoing; ufw route ${policy} in on hearth0 to any port ${far.forbidden}; ufw --force enable`)
      await expectWays([far.open])
      await onServer('ufw reload')
      await expectWays([far.open])
      const chain = await onServer('nft list chain ip filter FORWARD')
      expect(chain).toMatch(/ufw-before-forward[\s\S]*iifname "hearth0" .*accept/)
      expect(chain.match(/hearth0/g)).toHaveLength(2)
    },
    240_000,
  )

  test('that lets nothing in lets dynos ask this server for names', async () => {
    await onServer('ufw --force reset; ufw allow 22/tcp; ufw default deny incoming; ufw --force enable')
    const names = await startOwnNameServer(hearth.server, '127.0.0.1')
    const areFound = async () => (await runInApp(hearth.desktop, 'probing', askForName)).output.includes('192.0.2.53')
    await eventually(areFound, 60_000, 'names are not found')
    await names.stop()
  }, 120_000)
})

describe('firewalld', () => {
  beforeAll(() => onServer('systemctl start firewalld; firewall-cmd --add-service=http'))

  test('lets dynos pass, after a reload and a new start too', async () => {
    await expectWays([far.open, far.forbidden])
    for (const command of ['firewall-cmd --reload', 'systemctl restart firewalld']) {
      await onServer(`${command}; firewall-cmd --add-service=http`)
      await expectWays([far.open, far.forbidden])
    }
    expect(await onServer('firewall-cmd --zone=trusted --list-interfaces')).toBe('hearth0')
    expect(await onServer('firewall-cmd --permanent --zone=trusted --list-interfaces')).toBe('')
  }, 300_000)

  test('that takes no command is told on the screen of the server, until it does', async () => {
    await onServer('chmod -x /usr/bin/firewall-cmd; systemctl restart firewalld')
    const told = async () =>
      (await hearth.desktop.core.servers.agent(hearth.desktop.serverId).call('getServer', {})).sandbox
    await eventually(async () => (await told()).includes('Another firewall may keep dynos'), 60_000, 'nothing is told')
    await onServer('chmod +x /usr/bin/firewall-cmd')
    await eventually(async () => !(await told()).includes('Another firewall'), 60_000, 'it is told for ever')
  }, 150_000)
})

test('an app that opens connections without end has a part of those that the kernel keeps, and others go on', async () => {
  const kernel = '/proc/sys/net/netfilter'
  const most = Math.min(16_384, Number(await onServer(`cat ${kernel}/nf_conntrack_max`)) / 4)
  // However slow this machine is, none is forgotten while others are opened.
  await onServer(`echo 600 >${kernel}/nf_conntrack_udp_timeout`)
  const arrived = async () =>
    Number((await onServer('ip netns exec far cat /proc/net/dev')).match(/eth0: +\d+ +(\d+)/)?.[1])
  const before = await arrived()
  const flood = `const socket = require('dgram').createSocket('udp4')
    let port = 1024
    const send = () => port < 30000 ? socket.send('x', port++, '${far.address}', () => port % 500 ? send() : setTimeout(send, 5)) : process.exit()
    send()`
  await runInApp(hearth.desktop, 'probing', `node -e "${flood}"`)
  expect((await arrived()) - before).toBeGreaterThan(most * 0.9)
  expect((await arrived()) - before).toBeLessThan(most * 1.1)
  await hearth.desktop.deploy('other', fixture('node-hello'))
  const { output } = await runInApp(hearth.desktop, 'other', `: >/dev/tcp/${far.address}/${far.open} && echo reached`)
  expect(output).toContain('reached')
}, 240_000)
