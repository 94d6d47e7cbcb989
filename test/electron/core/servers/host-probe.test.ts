import { describe, expect, test } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import type { HostKey, SshConnector, TransportKind } from '../../../../electron/core/ports/transport.ts'
import { fingerprintOf } from '../../../../electron/core/servers/host-key.ts'
import { HostProbe } from '../../../../electron/core/servers/host-probe.ts'
import type { ServerEntry } from '../../../../electron/core/servers/server-file.ts'

const key: HostKey = { type: 'ssh-ed25519', blob: Buffer.from('one').toString('base64') }
const other: HostKey = { type: 'ssh-ed25519', blob: Buffer.from('two').toString('base64') }
const address = { host: 'nas', port: 22, user: 'root' }
const noCommonWay = new HearthError('needs_system_ssh', 'nas:22 and the SSH inside Hearth have no common way.')

interface World {
  ssh2?: HostKey | Error
  system?: HostKey | Error
  isAvailable?: boolean
  need?: string | null
  entries?: ServerEntry[]
}

function makeProbe({ ssh2 = key, system = key, isAvailable = true, need = null, entries = [] }: World) {
  const asked: TransportKind[] = []
  const connector = (kind: TransportKind, answer: HostKey | Error): SshConnector => ({
    connect: () => Promise.reject(new Error('nothing is logged in to by a look')),
    async readHostKey() {
      asked.push(kind)
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  const probe = new HostProbe({
    connectors: { ssh2: connector('ssh2', ssh2), system: connector('system', system) },
    systemSsh: { isAvailable: async () => isAvailable, explainNeed: async () => need, describeHost: async () => null },
    entries: () => entries,
  })
  return { probe, asked }
}

describe('a look at a host', () => {
  test('uses the SSH inside Hearth where nothing speaks against it', async () => {
    const { probe, asked } = makeProbe({})
    expect(await probe.look(address)).toMatchObject({ transport: 'ssh2', reason: null, known: 'new' })
    expect(asked).toEqual(['ssh2'])
  })

  test('uses the system’s ssh where the host wants what ours lacks, and says why', async () => {
    const { probe, asked } = makeProbe({ ssh2: noCommonWay })
    expect(await probe.look(address)).toMatchObject({ transport: 'system', reason: noCommonWay.message })
    expect(asked).toEqual(['ssh2', 'system'])
  })

  test('uses the system’s ssh at once where ~/.ssh/config wants it', async () => {
    const { probe, asked } = makeProbe({ need: 'It goes through a proxy.' })
    expect(await probe.look(address)).toMatchObject({ transport: 'system', reason: 'It goes through a proxy.' })
    expect(asked).toEqual(['system'])
  })

  test('offers nothing that is not there', async () => {
    const { probe, asked } = makeProbe({ ssh2: noCommonWay, isAvailable: false, need: 'It goes through a proxy.' })
    await expect(probe.look(address)).rejects.toBe(noCommonWay)
    expect(asked).toEqual(['ssh2'])
  })

  test('is not done another way because a host is away', async () => {
    const away = new HearthError('unavailable', 'nas:22 can not be reached.')
    const { probe, asked } = makeProbe({ ssh2: away })
    await expect(probe.look(address)).rejects.toBe(away)
    expect(asked).toEqual(['ssh2'])
  })

  test('is done in the way that the user wants, whatever the configuration says', async () => {
    const { probe, asked } = makeProbe({ need: 'It goes through a proxy.' })
    expect(await probe.look(address, 'ssh2')).toMatchObject({ transport: 'ssh2', reason: null })
    expect(asked).toEqual(['ssh2'])
  })

  test('tells a key that was trusted from another one', async () => {
    const entry = { id: '1', name: 'nas', transport: 'ssh2', hostKeys: [key], ...address } as const
    const known = async (world: World) =>
      (await makeProbe({ ...world, entries: [entry as never] }).probe.look(address)).known
    expect(await known({})).toBe('same')
    expect(await known({ ssh2: other })).toBe('changed')
  })
})

test('only a key that was shown can be confirmed', async () => {
  const { probe } = makeProbe({})
  await probe.look(address)
  expect(probe.confirmed(address, fingerprintOf(key))).toEqual(key)
  expect(() => probe.confirmed(address, fingerprintOf(other))).toThrow('shows another key now')
  expect(() => probe.confirmed({ host: 'box', port: 22 }, fingerprintOf(key))).toThrow('shows another key now')
})
