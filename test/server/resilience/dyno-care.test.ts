import { expect, test } from 'vitest'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, type TestDesktop } from '../hearth-server.ts'
import { makeApp } from './app.ts'
import { ask } from './load.ts'

/** Does to itself what its path says. */
const wayward = `
const kept = []
require('node:http').createServer((request, response) => {
  const [, verb, figure] = request.url.split('/')
  if (verb === 'grow') for (let i = 0; i < figure; i++) kept.push(Buffer.alloc(1 << 20, 1))
  if (verb === 'fill') {
    try {
      for (;;) require('node:fs').appendFileSync('fill', Buffer.alloc(1 << 20))
    } catch (error) {
      console.log('could not write: ' + error.code)
    }
  }
  if (verb === 'exit') process.exit(Number(figure))
  if (verb === 'kill') process.kill(process.pid, figure)
  response.end(process.env.DYNO + ' ' + process.env.MEMORY_AVAILABLE)
}).listen(process.env.PORT)
`

const app = 'wayward'

test('what becomes of a dyno is told as Heroku tells it, and in a plain sentence; also after the agent was killed', async () => {
  await using hearth = await bootHearthServer()
  const { desktop, server } = hearth
  await desktop.setSettings('memorySampleMs=200 memoryMultiple=1.5 stableMs=600000')
  await desktop.deploy(app, await makeApp('', { files: { 'server.js': wayward } }))
  await desktop.calls['formation.update']({ ...desktop.of(app), updates: [{ type: 'web', size: 'small' }] })
  const get = (path: string) => ask({ host: server.host, port: 80, hostname: `${app}.localhost`, path })
  const isSmall = async () => (await get('/').catch(() => null))?.body === 'web.1 256'
  await eventually(isSmall, 30_000, 'the smaller dyno does not serve')
  // Until then the one before it is asked too.
  await ended(desktop, 1)

  // Its disk is bounded, and a full one is told.
  await get('/fill')
  await shows(desktop, 'up', /has used 1\d\d MB of the 1\d\d MB of its disk$/)
  expect((await get('/')).status).toBe(200)
  const full =
    /^heroku\[web\.1\]: Error: the dyno has used \d+ MB of the \d+ MB of its disk; what it writes is refused \(ENOSPC\)$/
  const said = await desktop.logLines(app)
  expect(said).toContain('app[web.1]: could not write: ENOSPC')
  expect(said.filter((line) => full.test(line))).toHaveLength(1)
  await desktop.calls['dynos.restart']({ ...desktop.of(app) })
  await ended(desktop, 2)
  await shows(desktop, 'up', /^$/)

  // R14: a warning, and it serves on.
  await get('/grow/270')
  await shows(desktop, 'up', /^uses [23]\d\d MB of memory, more than the 256 MB of its size \(R14\)$/)
  expect((await get('/')).status).toBe(200)
  const lines = await desktop.logLines(app)
  const at = lines.indexOf('heroku[web.1]: Error R14 (Memory quota exceeded)')
  expect(lines[at - 1]).toMatch(/^heroku\[web\.1\]: Process running mem=\d+M\(1\d\d\.\d%\)$/)

  // R15: by the kernel's limit. Started anew at once; the restart is counted.
  await get('/grow/500').catch(() => undefined)
  await eventually(async () => (await status(desktop))?.restarts === 1, 30_000, 'it was not started anew')
  expect(await desktop.logLines(app)).toEqual(
    expect.arrayContaining([
      'heroku[web.1]: Error R15 (Memory quota vastly exceeded)',
      'heroku[web.1]: Process exited with status 137',
      'heroku[web.1]: State changed from up to crashed',
    ]),
  )

  await shows(desktop, 'up', /^was started again: it was ended because it went over its memory limit \(R15\)$/)

  // A second crash in a row waits, and says how it ended.
  await eventually(isSmall, 30_000, 'it does not serve again')
  await get('/exit/3').catch(() => undefined)
  await shows(desktop, 'crashed', /^exited with status 3$/)
  expect((await get('/')).body).toContain('H10')

  // An agent that is killed meanwhile leaves nothing that stays down.
  await server.exec(['systemctl', 'kill', '--signal=KILL', 'hearth-agent'])
  await desktop.whenAnswering()
  await eventually(isSmall, 30_000, 'it was not started by the next agent')
  await get('/kill/SIGSEGV').catch(() => undefined)
  await eventually(isSmall, 30_000, 'it was not started at once')
  expect(await desktop.logLines(app)).toContain('heroku[web.1]: Process exited with status 139')
  // A unit that somebody takes away is not missed for long.
  const units = await server.exec(['systemctl', 'list-units', '--plain', '--no-legend', 'hearth-dyno-*.service'])
  await server.exec([
    'systemctl',
    'stop',
    ...units.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0] ?? ''),
  ])
  await shows(desktop, 'crashed', /^was ended by the signal SIGTERM$/)
  await eventually(isSmall, 60_000, 'it was not started in the place of the unit that is gone')
  // What somebody else kills is not taken for a want of memory.
  await get('/kill/SIGKILL').catch(() => undefined)
  await shows(desktop, 'crashed', /^was ended by the signal SIGKILL$/)
})

async function status(desktop: TestDesktop) {
  const [entry] = await desktop.calls['dynos.list'](desktop.of(app))
  return entry?.status ?? null
}

/** So many of its dynos have gone by then, each when it was asked to. */
async function ended(desktop: TestDesktop, times: number): Promise<void> {
  const isTold = async () => {
    const lines = await desktop.logLines(app)
    return lines.filter((line) => line === 'heroku[web.1]: Process exited with status 143').length === times
  }
  await eventually(isTold, 60_000, 'the dyno before has not ended')
}

async function shows(desktop: TestDesktop, state: string, reason: RegExp): Promise<void> {
  const isShown = async () => {
    const now = await status(desktop)
    return now?.state === state && reason.test(now.reason ?? '')
  }
  await eventually(isShown, 30_000, `it is not shown as ${state}, ${reason}`).catch(async (error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(await status(desktop))}`)
  })
}
