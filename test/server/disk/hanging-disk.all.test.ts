import { expect, test } from 'vitest'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, fixture } from '../hearth-server.ts'
import { ask } from '../resilience/load.ts'

const app = 'steady'

test('a disk that hangs holds up neither router nor dynos, and a change that waits for it is made when it goes on', async () => {
  await using hearth = await bootHearthServer({ diskBytes: 4 * 1024 ** 3 })
  const { server, desktop } = hearth
  await desktop.deploy(app, fixture('node-hello'))
  const visit = () => ask({ host: server.host, port: 80, hostname: `${app}.localhost` })
  const agent = desktop.core.servers.agent(desktop.serverId)

  // Whoever writes to a frozen file system waits in the kernel. It goes on by itself, whatever becomes of this test.
  const thaw = 'sleep 40; fsfreeze --unfreeze /var/lib/hearth'
  await server.exec(['systemd-run', '--quiet', '--unit=thaw', 'sh', '-c', thaw])
  await server.exec(['fsfreeze', '--freeze', '/var/lib/hearth'])
  let isMade = false
  // The desktop gives a connection up on which nothing comes; what was asked for is done all the same.
  const making = agent.call('createApp', {}, { name: 'patient' }).then(
    () => {
      isMade = true
    },
    () => undefined,
  )
  const isFrozen = async () =>
    (await server.exec(['systemctl', 'is-active', 'thaw'], { allowFailure: true })).exitCode === 0
  let served = 0
  while (await isFrozen()) {
    expect((await visit()).status).toBe(200)
    served += 1
    if (served === 10) expect(isMade).toBe(false)
  }
  expect(served).toBeGreaterThan(10)
  await making
  await desktop.whenAnswering()
  const names = async () =>
    (await desktop.core.servers.agent(desktop.serverId).call('listApps', {})).map(({ name }) => name)
  await eventually(async () => (await names()).includes('patient'), 30_000, 'what was asked for is not there')
  expect((await visit()).status).toBe(200)
}, 600_000)
