import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { eventually, type Server } from '../../servers/index.ts'
import { isAllAsked } from '../../tooling/scope.ts'
import { bootHearthServer, fixture, openTestDesktop } from '../hearth-server.ts'
import { makeApp } from './app.ts'
import { ask, startLoad } from './load.ts'

const megabyte = 1024 * 1024
const targetOf = (server: Server, app: string) => ({ host: server.host, port: 80, hostname: `${app}.localhost` })

test.each(isAllAsked ? ['by itself', 'in containers'] : ['by itself'])(
  'a reboot brings the formation back with no desktop connected, %s; so it is after a restart of the agent',
  async (how) => {
    await using hearth = await bootHearthServer()
    const { server, desktop } = hearth
    await desktop.deploy('phoenix', await makeApp('alive'))
    await desktop.calls['dynoSettings.update']({ ...desktop.of('phoenix'), update: { podman: how !== 'by itself' } })
    await desktop.calls['formation.update']({ ...desktop.of('phoenix'), updates: [{ type: 'web', quantity: 2 }] })
    const look = `for unit in $(systemctl list-units --plain --no-legend 'hearth-dyno-*.service' | cut -d' ' -f1); do
      cat /proc/$(systemctl show --property=MainPID --value $unit)/comm; done`
    const areThere = async () => {
      const names = (await server.exec(['sh', '-c', look], { allowFailure: true })).stdout.trim().split('\n')
      return names.length === 2 && names.every((name) => (name === 'conmon') === (how !== 'by itself'))
    }
    await eventually(areThere, 60_000, 'the dynos do not run so')
    await server.exec(['systemctl', 'restart', 'hearth-agent'])
    await desktop.whenAnswering()
    expect((await ask(targetOf(server, 'phoenix'))).status).toBe(200)
    expect(await areThere()).toBe(true)

    await desktop.core.servers.close()
    await server.reboot()
    const heard = new Set<string>()
    const bothAnswer = async () => {
      const { status, body } = await ask(targetOf(server, 'phoenix')).catch(() => ({ status: 0, body: '' }))
      if (status === 200) heard.add(body)
      return heard.size === 2
    }
    await eventually(bothAnswer, 60_000, 'the dynos do not come back')
    expect([...heard].sort()).toEqual(['web.1 alive ', 'web.2 alive '])
    await eventually(areThere, 60_000, 'the dynos do not run as before')
  },
)

test('a desktop ends at once though the network to its server is cut', async () => {
  await using hearth = await bootHearthServer()
  const second = await openTestDesktop(hearth.server)
  const areOnline = () => second.core.servers.list().every(({ connection }) => connection.state === 'online')
  await eventually(areOnline, 60_000, 'it never came so far')
  await hearth.server.cut()
  let isClosed = false
  const closing = second[Symbol.asyncDispose]().then(() => {
    isClosed = true
  })
  await eventually(() => isClosed, 10_000, 'it waits for the server')
  await closing
})

test('a network that is cut during an upload is waited for, and the deploy goes on', async () => {
  await using hearth = await bootHearthServer()
  const { server, desktop } = hearth
  await desktop.deploy('patient', await makeApp('before'))
  const large = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`data/${n}.bin`, randomBytes(megabyte)]))
  const deploy = desktop.startDeploy('patient', await makeApp('after', { files: large }))
  const now = () => desktop.core.deploys.list({ app: 'patient' })[0]
  await eventually(() => (now()?.bytes.sent ?? 0) > 5 * megabyte, 30_000, 'nothing is sent')
  expect(now()?.stage).toBe('send')
  await server.cut()
  const state = () => desktop.core.servers.get(desktop.serverId).connection.state
  await eventually(() => state() !== 'online', 30_000, 'the cut was not noticed')
  expect(now()?.state).toBe('running')
  await server.restore()
  desktop.core.servers.reconnect(desktop.serverId)
  const finished = await desktop.finish(deploy)
  expect(finished).toMatchObject({ state: 'succeeded', error: null })
  // What had arrived whole before the cut did not travel again.
  expect(finished.files.sent).toBeLessThan(Object.keys(large).length)
  expect((await ask(targetOf(server, 'patient'))).body).toContain('after')
})

test('two desktops that deploy at once get a release each, and the later one serves', async () => {
  await using hearth = await bootHearthServer()
  await using other = await openTestDesktop(hearth.server)
  const { desktop, server } = hearth
  await desktop.deploy('shared', await makeApp('first'))
  const [mine, theirs] = await Promise.all([
    desktop.deploy('shared', await makeApp('mine')),
    other.deploy('shared', await makeApp('theirs')),
  ])
  const versions = [mine.release?.version ?? 0, theirs.release?.version ?? 0]
  expect([...versions].sort()).toEqual([3, 4])
  const last = versions[0] === 4 ? 'mine' : 'theirs'
  expect((await ask(targetOf(server, 'shared'))).body).toContain(last)
  for (const one of [desktop, other]) {
    const releases = await one.calls['releases.list'](one.of('shared'))
    expect(releases.map(({ version, verified }) => `v${version} ${verified}`)).toEqual(
      [4, 3, 2, 1].map((version) => `v${version} true`),
    )
  }
})

test('a full disk refuses the deploy in plain words, and the old release serves on', async () => {
  await using hearth = await bootHearthServer({ diskBytes: 3 * 1024 * megabyte })
  const { server, desktop } = hearth
  await desktop.deploy('squeezed', await makeApp('before'))
  const fill = 'fallocate -l $(($(df --output=avail -B1 /var/lib/hearth | tail -n 1) - 100000000)) /var/lib/hearth/full'
  await server.exec(['sh', '-c', fill])
  const refused = await desktop.tryDeploy('squeezed', await makeApp('after'))
  expect(refused.state).toBe('failed')
  expect(refused.error).toMatch(/disk is too full.*Remove old apps or files on the server/)
  expect((await ask(targetOf(server, 'squeezed'))).body).toContain('before')
  await server.exec(['rm', '/var/lib/hearth/full'])
  await desktop.deploy('squeezed', await makeApp('after'))
  expect((await ask(targetOf(server, 'squeezed'))).body).toContain('after')
})

test('a build that eats memory is killed with a plain word, and its neighbours feel nothing', async () => {
  await using hearth = await bootHearthServer()
  const { server, desktop } = hearth
  await desktop.deploy('neighbour', fixture('node-hello'))
  await desktop.deploy('hungry', await makeApp('before'))
  const load = startLoad(targetOf(server, 'neighbour'))
  const eat = `node -e "const all = []; for (;;) all.push(Buffer.alloc(1 << 26, 1))"`
  const killed = await desktop.tryDeploy('hungry', await makeApp('after', { build: eat }))
  expect(killed.state).toBe('failed')
  expect(killed.error).toMatch(/memory.*make it use less/s)
  expect((await load.stop()).failures).toEqual([])
  expect((await ask(targetOf(server, 'hungry'))).body).toContain('before')
})
