import { describe, expect, test } from 'vitest'
import { accountOf, findFreeSlot } from '../../../agent/systemd/apps/app-accounts.ts'
import { describeUnkept } from '../../../agent/systemd/dynos/dyno-cgroup.ts'
import { diskBytesOf, renderLowers } from '../../../agent/systemd/dynos/dyno-root.ts'
import { renderEnvironmentFile } from '../../../agent/systemd/dynos/environment-file.ts'
import { renderIdentity } from '../../../agent/systemd/dynos/identity.ts'
import {
  type DynoStreams,
  renderUnitProperties,
  type UnitContent,
} from '../../../agent/systemd/dynos/unit-properties.ts'
import { addressOf, ipv6AddressOf, slotOf } from '../../../agent/systemd/network/app-network.ts'
import { buildSlot, renderFirewall } from '../../../agent/systemd/network/firewall.ts'
import { chooseNetworkPrefix } from '../../../agent/systemd/network/server-network.ts'

const mebibyte = 1024 * 1024
const ownContent: UnitContent = {
  kind: 'command',
  user: 'hearth-app-2',
  rootDirectory: '/run/hearth/dynos/1/root',
  networkNamespacePath: '/run/netns/hearth-2',
  environmentFile: '/run/hearth/dynos/1/environment',
  command: 'node server.js "$PORT"',
}
const renderUnit = (streams: DynoStreams, boundTo: string | null = null, content: UnitContent = ownContent) =>
  renderUnitProperties({
    description: 'web.1 of quiet-river',
    slice: 'hearth-dynos.slice',
    content,
    limits: { memoryBytes: 512 * mebibyte, memoryMaximumBytes: 512 * mebibyte, cpuWeight: 100, maximumTasks: 512 },
    streams,
    boundTo,
  })
    .map(({ name, signature, value }) => {
      const text = JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? Number(part) : part))
      return `${name} ${signature} ${text}\n`
    })
    .join('')

describe("a dyno's unit", () => {
  test('has this property set', async () => {
    const text = renderUnit({ kind: 'log', outputPath: '/run/hearth/dynos/1/output' })
    await expect(text).toMatchFileSnapshot('golden/unit-log.txt')
  })

  test('takes a terminal, or pipes, for a one-off', async () => {
    const terminal = renderUnit({ kind: 'terminal', ttyPath: '/dev/pts/4' })
    await expect(terminal).toMatchFileSnapshot('golden/unit-terminal.txt')
    const pipes = renderUnit({ kind: 'pipes', inputPath: '/run/in', outputPath: '/run/out', errorPath: '/run/err' })
    expect(pipes).toContain(
      'StandardInputFile s "/run/in"\nStandardOutputFileToAppend s "/run/out"\nStandardErrorFileToAppend s "/run/err"',
    )
  })

  test('inside another dyno is bound to that one, which does not wait long for it, and as confined as any', async () => {
    const streams = { kind: 'terminal', ttyPath: '/dev/pts/4' } as const
    const binding = 'BindsTo as ["hearth-dyno-1.service"]\n'
    const inside = renderUnit(streams, 'hearth-dyno-1.service')
    expect(inside).toContain(binding)
    const [soon, later] = ['TimeoutStopUSec t 10000000', 'TimeoutStopUSec t 60000000']
    expect(inside).toContain(soon)
    expect(inside.replace(binding, '').replace(soon, later)).toBe(renderUnit(streams))
  })
})

test('what of the limits a kernel does not keep is said', () => {
  expect(describeUnkept(false, ['cpuset', 'cpu', 'io', 'memory', 'pids'])).toBe('')
  expect(describeUnkept(false, ['cpuset', 'cpu', 'io', 'pids'])).toBe(' Its kernel keeps no limit of memory.')
  expect(describeUnkept(true, ['cpu', 'memory', 'pids', 'systemd'])).toMatch(/^ With .* version 1 .* swap\.$/)
})

describe('the unit of a container', () => {
  const log = { kind: 'log', outputPath: '/run/hearth/dynos/1/output' } as const
  const engine = {
    command: ['/usr/bin/podman', 'run', '$1'],
    environment: { PATH: '/usr/bin' },
    tellsStart: true,
  } as const

  test('keeps the limits and leaves the confinement to podman', async () => {
    await expect(renderUnit(log, null, { kind: 'container', engine })).toMatchFileSnapshot('golden/unit-container.txt')
  })

  test('runs from the moment that its command runs, where podman does not tell', () => {
    const text = renderUnit(log, null, { kind: 'container', engine: { ...engine, tellsStart: false } })
    expect(text).toContain('Type s "exec"')
    expect(text).not.toContain('NotifyAccess')
  })
})

describe('an environment file', () => {
  test('escapes what systemd would read as something else', async () => {
    const environment = {
      LINES: 'one\ntwo\n',
      QUOTES: `"double" 'single' \`back\``,
      DOLLARS: '$HOME $(id) %h',
      BACKSLASH: 'a\\b\\n',
      HASH: '# none',
      EMPTY: '',
      UNICODE: 'é 語 🚀',
    }
    await expect(renderEnvironmentFile(environment)).toMatchFileSnapshot('golden/environment.txt')
  })

  test('names the config var that systemd could not read, not its value', () => {
    expect(() => renderEnvironmentFile({ KEY: 'secret\ud800' })).toThrow(/^Config var KEY is not text/)
    expect(() => renderEnvironmentFile({ KEY: 'secret\0' })).not.toThrow('secret')
  })
})

describe('the network', () => {
  const facts = {
    prefix: '10.213',
    resolvers: ['192.168.1.1', 'fd00::1'],
    relayPort: null,
    maximumConnections: 8192,
    uplink: { addresses: ['192.0.2.7', '2001:db8:1::7'], hasIpv6: true, neighbours: ['2001:db8:1::7/64'] },
    buildAddresses: [addressOf('10.213', buildSlot), ipv6AddressOf(buildSlot)],
    buildDestinations: [],
  }

  test('keeps dynos from each other, the server and its local network', async () => {
    await expect(renderFirewall(facts)).toMatchFileSnapshot('golden/firewall.nft')
    const bare = { addresses: [], hasIpv6: false, neighbours: [] }
    const text = renderFirewall({ ...facts, resolvers: [], uplink: bare, maximumConnections: null })
    expect(text).not.toContain('ct count')
    expect(text).not.toMatch(/dport (53|\{ 80)/)
  })

  test('lets builds alone reach what is allowed by name', () => {
    const [registry, git] = [
      { host: '10.0.0.5', port: 4873 },
      { host: 'fd00::5', port: 443 },
    ]
    const text = renderFirewall({ ...facts, buildDestinations: [registry, git, registry] })
    expect(text).toContain('    elements = { 10.213.255.220 . 10.0.0.5 . 4873 }\n')
    expect(text).toContain('    elements = { fd68:6561:7274:68::ffdc . fd00::5 . 443 }\n')
    expect(findFreeSlot({ a: 2 })).toBeLessThan(buildSlot)
  })

  test('sends questions for names to the relay where the name server is on loopback alone', () => {
    const text = renderFirewall({ ...facts, resolvers: ['10.213.0.1'], relayPort: 5300 })
    expect(text).toContain('    iifname "hearth0" ip daddr 10.213.0.1 udp dport 53 redirect to :5300\n')
    expect(text).toContain(
      'iifname "hearth0" ip daddr { 10.213.0.1 } meta l4proto { tcp, udp } th dport { 53, 5300 } accept',
    )
  })

  test("gives each app one address of a network that the server's others don't touch", () => {
    const at = (address: string) => [{ address } as import('node:os').NetworkInterfaceInfo]
    expect(chooseNetworkPrefix({ lo: at('127.0.0.1') })).toBe('10.213')
    expect(chooseNetworkPrefix({ eth0: at('10.213.7.8') })).toBe('10.214')
    expect(chooseNetworkPrefix({ hearth0: [...at('fe80::1'), ...at('10.87.0.1')] })).toBe('10.87')
    expect([addressOf('10.213', 2), addressOf('10.213', 258)]).toEqual(['10.213.0.2', '10.213.1.2'])
    expect([ipv6AddressOf(2), ipv6AddressOf(258)]).toEqual(['fd68:6561:7274:68::2', 'fd68:6561:7274:68::102'])
    expect(['hearth-12', 'hearth0', 'hearth-x', 'eth0'].map(slotOf)).toEqual([12, null, null, null])
  })
})

describe("an app's account", () => {
  test('has the first free number, and a user far from all others', () => {
    expect(findFreeSlot({})).toBe(2)
    expect(findFreeSlot({ a: 2, b: 4 })).toBe(3)
    expect(accountOf(3)).toEqual({ slot: 3, uid: 1_900_000_003, user: 'hearth-app-3' })
  })

  test('stands in files of its own in /etc', async () => {
    const files = renderIdentity(accountOf(2), { name: 'quiet-river', address: '10.213.0.2', resolvers: ['9.9.9.9'] })
    const text = Object.entries(files).map(([name, content]) => `== ${name}\n${content}`)
    await expect(text.join('')).toMatchFileSnapshot('golden/identity.txt')
  })
})

describe("a dyno's root", () => {
  const tree = {
    checksum: 'SHA256:1',
    appDirectory: '/slugs/1/app',
    layerDirectories: ['/layers/node', '/layers/apt'],
    stackDirectory: '/stacks/debian-12',
  }

  test('lies over identity, slug, layers and stack', () => {
    const lowers = renderLowers({ identityDirectory: '/run/apps/2', tree })
    expect(lowers).toBe('/run/apps/2:/slugs/1:/layers/node:/layers/apt:/stacks/debian-12')
  })

  test('refuses what would end a path in the options of an overlay', () => {
    const odd = { ...tree, appDirectory: '/slugs/a:b/app' }
    expect(() => renderLowers({ identityDirectory: '/x', tree: odd })).toThrow("can't be part of an overlay")
  })

  test("takes half of the dyno's memory at most", () => {
    expect(diskBytesOf(512 * mebibyte)).toBe(256 * mebibyte)
  })
})
