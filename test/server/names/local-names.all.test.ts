import { afterAll, beforeAll, expect, test } from 'vitest'
import { bootServer, eventually, type Server } from '../../servers/index.ts'
import { bootHearthServer, fixture, type HearthServer } from '../hearth-server.ts'

// Other machines of the network, each with a resolver that nobody here wrote.
const resolvers = [
  { name: 'Avahi with libnss-mdns', packages: ['avahi-daemon', 'libnss-mdns'], start: 'systemctl start avahi-daemon' },
  {
    name: 'systemd-resolved',
    packages: ['systemd-resolved', 'libnss-resolve'],
    // Debian's says no by default. The bus learns of its name only when it reads its policies again.
    start: [
      'mkdir -p /etc/systemd/resolved.conf.d',
      "printf '[Resolve]\\nMulticastDNS=yes\\n' >/etc/systemd/resolved.conf.d/mdns.conf",
      'systemctl reload dbus && systemctl restart systemd-resolved',
      'resolvectl mdns eth0 yes',
    ].join(' && '),
  },
]
const app = 'found'

let hearth: HearthServer
beforeAll(async () => {
  hearth = await bootHearthServer()
  await hearth.desktop.deploy(app, fixture('node-hello'))
}, 600_000)
afterAll(async () => {
  await hearth?.[Symbol.asyncDispose]()
})

test.each(resolvers)(
  'the name of an app under .local leads to it by $name',
  async ({ packages, start }) => {
    await using other = await bootServer()
    const packed = `apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends curl ${packages.join(' ')}`
    await other.exec(['sh', '-c', `${packed} && ${start}`])
    // Both kinds of address at once, as browsers ask, and nobody waits for the one that there is not.
    const isFound = async () => (await run(other, `getent ahosts ${app}.local`)).includes(hearth.server.host)
    await eventually(isFound, 30_000, 'the name leads nowhere')
    expect(await run(other, `curl -sS --max-time 20 http://${app}.local/`)).toContain('hello')
    expect(await run(other, 'getent ahosts nobody.local')).toBe('')
  },
  600_000,
)

const run = async (server: Server, command: string) =>
  (await server.exec(['sh', '-c', command], { allowFailure: true })).stdout
