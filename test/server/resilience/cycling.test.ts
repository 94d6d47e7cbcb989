import { expect, test } from 'vitest'
import { eventually } from '../../servers/eventually.ts'
import { bootHearthServer } from '../hearth-server.ts'
import { makeApp } from './app.ts'
import { startLoad } from './load.ts'

const app = 'evergreen'

test('dynos are cycled without a request lost, also by the agent after one that was killed', async () => {
  await using hearth = await bootHearthServer()
  const { desktop, server } = hearth
  await desktop.deploy(app, await makeApp('alive'))
  await desktop.setSettings('cycleMs=3000 cycleSpreadMs=1000 cycleLookMs=200')
  const load = startLoad({ host: server.host, port: 80, hostname: `${app}.localhost` })
  await cycles(3)
  const pid = (await server.exec(['systemctl', 'show', '--property=MainPID', '--value', 'hearth-agent'])).stdout.trim()
  // In the middle of one: it has said so, and the old dyno has not been asked to stop.
  await until((lines) => /Starting process/.test(lines.at(-1) ?? ''))
  await server.exec(['kill', '-KILL', pid])
  await desktop.whenAnswering()
  await cycles(5)
  const { failures } = await load.stop()
  expect(failures).toEqual([])
  // While one takes the other's place there are two.
  const countUp = async () => {
    const dynos = await desktop.calls['dynos.list'](desktop.of(app))
    return dynos.filter(({ dyno }) => dyno.state === 'up').length
  }
  await eventually(async () => (await countUp()) === 1, 30_000, 'the killed agent left a dyno')

  // Into podman's containers, while its dynos go on being replaced there, and out of them.
  const steady = startLoad({ host: server.host, port: 80, hostname: `${app}.localhost` })
  await desktop.calls['dynoSettings.update']({ ...desktop.of(app), update: { podman: true } })
  await eventually(async () => (await contained()) === 'all', 60_000, 'not all dynos are in containers')
  await desktop.calls['dynoSettings.update']({ ...desktop.of(app), update: { podman: false } })
  await eventually(async () => (await contained()) === 'none', 60_000, 'there are containers left')
  expect((await steady.stop()).failures).toEqual([])

  // The same, the other way round: nobody is refused, yet no two dynos run at once.
  await desktop.calls['dynoSettings.update']({ ...desktop.of(app), update: { preboot: false } })
  const lines = await desktop.logLines(app, 'web.1')
  const patient = startLoad({ host: server.host, port: 80, hostname: `${app}.localhost` })
  await cycles(lines.filter(isCycling).length + 2)
  expect((await patient.stop()).failures).toEqual([])
  const told = await desktop.logLines(app, 'web.1')
  const [begin = 0, end] = told.flatMap((line, at) => (isCycling(line) ? [at] : [])).slice(-2)
  const last = told.slice(begin, end).join('\n')
  expect(last.indexOf('Stopping all processes')).toBeLessThan(last.indexOf('Starting process'))

  /** By the processes that dynos' units wait for: conmon is a container's. */
  async function contained(): Promise<'all' | 'some' | 'none'> {
    const look = `systemctl show --property=MainPID --value 'hearth-dyno-*.service' | while read -r pid; do cat /proc/$pid/comm; done`
    const names = (await server.exec(['sh', '-c', look], { allowFailure: true })).stdout.split('\n').filter(Boolean)
    const count = names.filter((name) => name === 'conmon').length
    return count === 0 ? 'none' : count === names.length ? 'all' : 'some'
  }

  async function until(isThere: (lines: string[]) => boolean): Promise<void> {
    const deadline = Date.now() + 60_000
    for (let lines: string[] = []; !isThere(lines); lines = await desktop.logLines(app, 'web.1')) {
      if (Date.now() > deadline) throw new Error(`The log has only: ${lines.slice(-30).join('\n')}`)
    }
  }

  async function cycles(count: number): Promise<void> {
    await until((lines) => lines.filter(isCycling).length >= count)
  }
}, 500_000)

const isCycling = (line: string) => line === 'heroku[web.1]: Cycling'
