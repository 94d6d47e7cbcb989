import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, type HearthServer, makeNextAgent } from '../hearth-server.ts'
import { makeApp } from './app.ts'
import { startLoad } from './load.ts'

const app = 'busy'
const afterMs = 1_000

describe('under 50 requests a second', () => {
  let hearth: HearthServer
  beforeAll(async () => {
    hearth = await bootHearthServer()
    await hearth.desktop.deploy(app, await makeApp('first'))
    await scaleTo(2)
  })
  afterAll(() => hearth?.[Symbol.asyncDispose]())

  test('a deploy fails no request', async () => {
    const folder = await makeApp('second')
    await expectNoFailure(() => hearth.desktop.deploy(app, folder), { last: 'second' })
  })

  test('a change of config vars fails no request', async () => {
    const update = { GREETING: 'good morning' }
    const { desktop } = hearth
    await expectNoFailure(async () => desktop.calls['configVars.update']({ ...desktop.of(app), update }), {
      last: 'good morning',
    })
  })

  test('scaling up and down fails no request', async () => {
    await expectNoFailure(() => scaleTo(4), { dynos: ['web.1', 'web.2', 'web.3', 'web.4'] })
    await expectNoFailure(() => scaleTo(1))
  })

  test('a rollback fails no request', async () => {
    const { desktop } = hearth
    await expectNoFailure(async () => desktop.calls['releases.rollback']({ ...desktop.of(app), version: 2 }), {
      last: 'first',
    })
  })

  test('systemd that reads its units again, as for every installed package, fails no request', async () => {
    const { desktop, server } = hearth
    const before = await desktop.logLines(app, 'web.1')
    await expectNoFailure(() =>
      server.exec(['sh', '-c', 'for i in 1 2 3; do systemctl daemon-reload; sleep 0.5; done']),
    )
    expect(await desktop.logLines(app, 'web.1')).toEqual(before)
  })

  test('a restart of the agent fails no request', async () => {
    await expectNoFailure(async () => {
      await hearth.server.exec(['systemctl', 'restart', 'hearth-agent'])
      await hearth.desktop.whenAnswering()
    })
  })

  test('an upgrade of the agent fails no request', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'hearth-next-agent-'))
    try {
      await makeNextAgent(folder)
      await expectNoFailure(async () => {
        await hearth.desktop.install(folder)
        await hearth.desktop.whenAnswering()
      })
      const upgraded = await hearth.desktop.core.servers.refresh(hearth.desktop.serverId)
      expect(upgraded).toMatchObject({ age: 'newer', hasOldRouter: true, agent: { version: '0.1.1' } })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('a restart of the router, which brings the upgraded one, fails no request', async () => {
    const { desktop } = hearth
    const { serverId } = desktop
    await expectNoFailure(async () => desktop.calls['servers.restartRouter']({ serverId }))
    const server = desktop.core.servers.get(serverId)
    expect(server).toMatchObject({ hasOldRouter: false, agent: { router: { state: 'up', version: '0.1.1' } } })
  })

  test('a router that somebody tells to end fails no request, and is there again', async () => {
    const { server } = hearth
    const mainPid = async () =>
      (await server.exec(['systemctl', 'show', '--value', '-p', 'MainPID', 'hearth-router'])).stdout.trim()
    const before = await mainPid()
    await expectNoFailure(async () => {
      await server.exec(['kill', '-TERM', before])
      await eventually(async () => !['0', before].includes(await mainPid()), 60_000, 'the router is not there again')
    })
  })

  /** Load before, during and after; the last answers must show what the change was for. */
  async function expectNoFailure(change: () => Promise<unknown>, { last = '', dynos = [] as string[] } = {}) {
    const load = startLoad({ host: hearth.server.host, port: 80, hostname: `${app}.localhost` })
    await load.sentMore(25)
    await change().catch(async (error: Error) => {
      const { failures } = await load.stop()
      throw new Error(`${error.message}; failed requests: ${failures.slice(0, 5)}`, { cause: error })
    })
    await load.answersShow((body, seen) => body.includes(last) && dynos.every((dyno) => seen.includes(dyno)))
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    expect((await load.stop()).failures).toEqual([])
  }

  async function scaleTo(quantity: number): Promise<void> {
    const { desktop } = hearth
    await desktop.calls['formation.update']({ ...desktop.of(app), updates: [{ type: 'web', quantity }] })
  }
})
