import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Change } from '../../../electron/core/changes.ts'
import { bootHearthServer, type HearthServer } from '../hearth-server.ts'
import { makeApp } from './app.ts'
import { ask, startLoad } from './load.ts'

const app = 'survivor'
const stages = ['send', 'build'] as const
const steps = ['start the new dynos', 'wait until they are up', 'switch the router', 'drain and stop the old dynos']

describe('an agent that is killed', () => {
  let hearth: HearthServer
  let served = 'first'
  beforeAll(async () => {
    hearth = await bootHearthServer()
    await hearth.desktop.deploy(app, await makeApp(served))
  })
  afterAll(() => hearth?.[Symbol.asyncDispose]())

  test.each(stages)('while a deploy is in its stage "%s" costs no request and loses nothing', async (stage) => {
    await killDuring(() => hearth.desktop.core.deploys.list({ app })[0]?.stage === stage)
  })

  test.each(steps)('while a deploy has its step "%s" costs no request and loses nothing', async (step) => {
    await killDuring((change) => change.step?.verb === 'deploy' && change.step.step === step)
  })

  async function killDuring(isThere: (change: Change) => boolean): Promise<void> {
    const { desktop, server } = hearth
    const target = { host: server.host, port: 80, hostname: `${app}.localhost` }
    const text = `next-${Math.random().toString(36).slice(2)}`
    const folder = await makeApp(text, { build: 'sleep 0.5' })
    const before = (await desktop.currentVersion(app)) ?? 0
    const pid = findAgent(server.name)
    const load = startLoad(target)
    let isKilled = false
    const unsubscribe = desktop.core.changes.subscribe((change) => {
      if (isKilled || !isThere(change)) return
      isKilled = true
      process.kill(pid, 'SIGKILL')
    })
    const deploy = await desktop.tryDeploy(app, folder)
    unsubscribe()
    await desktop.whenAnswering()
    await load.sentMore(25)
    const { failures } = await load.stop()
    expect({ isKilled, failures }).toEqual({ isKilled: true, failures: [] })

    // Either way it is told, and what is told is what serves.
    if (deploy.state === 'succeeded') served = text
    else expect(deploy.error).toMatch(/^(The build failed|Release v\d+ failed): .{10}/)
    expect((await ask(target)).body).toContain(served)
    const after = await desktop.currentVersion(app)
    expect(after).toBe(deploy.state === 'succeeded' ? deploy.release?.version : before)
    const dynos = await desktop.calls['dynos.list'](desktop.of(app))
    expect(dynos.map(({ dyno }) => `${dyno.name} ${dyno.state}`)).toEqual(['web.1 up'])
  }
})

/** The agent's process as this machine numbers it. */
function findAgent(server: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const isAgent = readFileSync(`/proc/${pid}/cmdline`, 'utf8').endsWith('/agent.mjs\0serve\0')
      if (isAgent && readFileSync(`/proc/${pid}/root/etc/hostname`, 'utf8').trim() === server) return Number(pid)
    } catch {
      // It ended while we looked.
    }
  }
  throw new Error(`no agent runs on ${server}`)
}
