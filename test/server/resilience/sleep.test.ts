import { expect, test } from 'vitest'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer } from '../hearth-server.ts'
import { makeApp } from './app.ts'
import { ask } from './load.ts'

const app = 'dozer'

test('an app sleeps when nobody asks for it, wakes for who does, and both outlive a killed agent', async () => {
  await using hearth = await bootHearthServer()
  const { desktop, server } = hearth
  await desktop.deploy(app, await makeApp('here'))
  await desktop.setSettings('sleepLookMs=200')
  const update = (seconds: number | null) =>
    desktop.calls['dynoSettings.update']({ ...desktop.of(app), update: { sleep_after_seconds: seconds } })
  const get = () => ask({ host: server.host, port: 80, hostname: `${app}.localhost` })
  const state = async () => (await desktop.calls['dynos.list'](desktop.of(app)))[0]?.dyno.state
  const units = async () => (await server.exec(['systemctl', 'list-units', '--no-legend', 'hearth-dyno-*'])).stdout
  const fallAsleep = async () => {
    await eventually(async () => (await state()) === 'idle', 60_000, 'it does not fall asleep')
    await eventually(async () => (await units()) === '', 60_000, 'its dyno still runs')
  }
  await update(5)
  await fallAsleep()
  expect((await desktop.calls['apps.get'](desktop.of(app))).dynos).toMatchObject({ up: 0, idle: 1, crashed: 0 })

  // Many at once: one start, all are answered.
  const answers = await Promise.all(Array.from({ length: 30 }, get))
  expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set(['200 web.1 here ']))
  const lines = await desktop.logLines(app, 'web.1')
  expect(lines.filter((line) => line === 'heroku[web.1]: Unidling')).toHaveLength(1)
  expect(lines.slice(lines.indexOf('heroku[web.1]: Idling')).slice(0, 3)).toEqual([
    'heroku[web.1]: Idling',
    'heroku[web.1]: State changed from up to down',
    'heroku[web.1]: Stopping all processes with SIGTERM',
  ])

  // Killed while a request waits: the next agent hears of it too.
  await fallAsleep()
  await server.exec(['systemctl', 'stop', 'hearth-agent'])
  const patient = get()
  const kill = 'systemctl start hearth-agent; systemctl kill --signal=KILL hearth-agent'
  await server.exec(['sh', '-c', kill])
  expect(await patient).toMatchObject({ status: 200, body: 'web.1 here ' })
  await desktop.whenAnswering()

  // An agent that stays away: nobody can wake it, which is said; what is awake is served.
  await fallAsleep()
  await server.exec(['systemctl', 'stop', 'hearth-agent'])
  const refused = await get()
  expect(refused.status).toBe(503)
  expect(refused.body).toContain('H99')
  await server.exec(['systemctl', 'start', 'hearth-agent'])
  await desktop.whenAnswering()
  expect(await state()).toBe('idle')
  expect((await get()).status).toBe(200)

  // A reboot leaves it asleep, and one that may not sleep is awake.
  await fallAsleep()
  await server.reboot()
  await desktop.whenAnswering()
  expect(await state()).toBe('idle')
  await update(null)
  await eventually(async () => (await state()) === 'up', 30_000, 'it is not awake')
}, 480_000)
