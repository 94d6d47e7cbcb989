import { expect, test } from 'vitest'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, fixture } from '../hearth-server.ts'
import { ask } from '../resilience/load.ts'

const app = 'steady'

test('a disk that hangs is told of, holds up neither router nor dynos, and a change that waits for it is made when it goes on', async () => {
  await using hearth = await bootHearthServer({ diskBytes: 4 * 1024 ** 3 })
  const { server, desktop } = hearth
  await desktop.deploy(app, fixture('node-hello'))
  const visit = () => ask({ host: server.host, port: 80, hostname: `${app}.localhost` })
  const agent = desktop.core.servers.agent(desktop.serverId)

  // Whoever writes to a frozen file system waits in the kernel. It goes on by itself, whatever becomes of this test.
  const thaw = 'sleep 60; fsfreeze --unfreeze /var/lib/hearth'
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
  const reason = () => JSON.stringify(desktop.core.servers.get(desktop.serverId).connection)
  let served = 0
  let told = ''
  while (await isFrozen()) {
    expect((await visit()).status).toBe(200)
    served += 1
    if (served === 10) expect(isMade).toBe(false)
    if (reason().includes('disk')) told = reason()
  }
  expect(served).toBeGreaterThan(10)
  expect(told).toMatch(
    /The server's disk does not answer, and the agent has waited for it for \d+ seconds: nothing can be changed/,
  )
  await making
  await desktop.whenAnswering()
  const names = async () =>
    (await desktop.core.servers.agent(desktop.serverId).call('listApps', {})).map(({ name }) => name)
  await eventually(async () => (await names()).includes('patient'), 30_000, 'what was asked for is not there')
  expect((await visit()).status).toBe(200)
  const journal = (await server.exec(['journalctl', '--unit=hearth-agent', '--output=cat', '--no-pager'])).stdout
  expect(journal).toMatch(
    /The disk does not answer, and the agent waits for it[\s\S]+The agent goes on, after \d+ seconds/,
  )
}, 600_000)
