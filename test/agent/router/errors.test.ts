import { afterEach, describe, expect, test } from 'vitest'
import type { RoutedAppState } from '../../../agent/core/ports/routing/router-control.ts'
import type { Timeouts } from '../../../agent/router/limits.ts'
import { eventually, get, openRouted, type Routed } from './routed.ts'

let routed: Routed
const open = async (timeouts: Partial<Timeouts> = {}) => {
  routed = await openRouted(timeouts)
}
afterEach(() => routed.close())

describe('an app that can not answer', () => {
  const cases: [state: RoutedAppState, code: string, at: string, text: RegExp][] = [
    ['blank', 'H81', 'at=info code=H81 desc="Blank app"', /Nothing here yet/],
    ['stopped', 'H14', 'at=error code=H14 desc="No web processes running"', /Application error/],
    ['crashed', 'H10', 'at=error code=H10 desc="App crashed"', /Application error/],
  ]
  for (const [state, code, beginning, text] of cases) {
    test(`and is ${state} says ${code}`, async () => {
      await open()
      await routed.route({ state })
      const answer = await routed.ask(get())
      expect(answer).toMatch(/^HTTP\/1.1 503 Service Unavailable\r\n/)
      expect(answer).toMatch(text)
      const line = await routed.line()
      expect(line.startsWith(`${beginning} method=GET path="/" host=blog.test request_id=`)).toBe(true)
      expect(line).toMatch(/ fwd="127.0.0.1" dyno= connect= service= status=503 bytes= protocol=http1.1 tls=false$/)
    })
  }

  test('and is in maintenance says H80, whatever its state', async () => {
    await open()
    const dyno = await routed.httpDyno((_request, response) => response.end('up'))
    await routed.route({ maintenance: true, dynos: [dyno] })
    expect(await routed.ask(get())).toMatch(/Back soon/)
    expect(await routed.line()).toMatch(/^at=info code=H80 desc="Maintenance mode" /)
  })

  test('and does not exist is a 404 without a log line, in JSON for those who prefer it', async () => {
    await open()
    await routed.route()
    expect(await routed.ask(get('/', 'who.test'))).toMatch(/^HTTP\/1.1 404 Not Found\r\n[\s\S]*No such app/)
    const answer = await routed.ask(
      'GET / HTTP/1.1\r\nHost: who.test\r\nAccept: application/json\r\nConnection: close\r\n\r\n',
    )
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ id: 'no_such_app' })
    expect((await routed.control.status()).requests).toBe(2)
    expect(routed.log).toEqual([])
  })

  test('and is starting holds requests until a dyno is up', async () => {
    await open()
    await routed.route({ state: 'starting' })
    const answer = routed.ask(get())
    await eventually(async () => (await routed.control.status()).apps[0]?.held === 1)
    await new Promise((resolve) => setTimeout(resolve, 30))
    const dyno = await routed.httpDyno((_request, response) => response.end('awake'))
    await routed.route({ dynos: [dyno] })
    expect(await answer).toMatch(/awake$/)
    expect(Number(/connect=(\d+)ms/.exec(await routed.line())?.[1])).toBeGreaterThanOrEqual(25)
  })

  test('and sleeps is told to who asks for it, and its requests wait together until it is awake', async () => {
    await open()
    await routed.route({ state: 'starting', isAsleep: true }, { state: 'starting', isAsleep: true })
    const wanted = routed.control.wanted(new AbortController().signal)
    const answers = Array.from({ length: 20 }, () => routed.ask(get()))
    expect(await wanted).toEqual(['app-0'])
    // As long as they wait, also to who asks later.
    expect(await routed.control.wanted(new AbortController().signal)).toEqual(['app-0'])
    await routed.route({ state: 'starting' }, { state: 'starting', isAsleep: true })
    const dyno = await routed.httpDyno((_request, response) => response.end('awake'))
    await routed.route({ dynos: [dyno] }, { state: 'starting', isAsleep: true })
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/awake$/)
  })

  test('and sleeps while no agent is there to wake it says H99, and waits for one that only restarts', async () => {
    await open({ agentAwayMs: 60 })
    await routed.route({ state: 'starting', isAsleep: true })
    expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 503 /)
    expect(await routed.line()).toMatch(/^at=error code=H99 desc="Platform error" /)
    const patient = routed.ask(get())
    const stop = new AbortController()
    expect(await routed.control.wanted(stop.signal)).toEqual(['app-0'])
    const dyno = await routed.httpDyno((_request, response) => response.end('awake'))
    await routed.route({ dynos: [dyno] })
    expect(await patient).toMatch(/awake$/)
  })

  test('and sleeps and can not be started says H10, or H20 when that takes too long', async () => {
    await open({ holdMs: 300 })
    await routed.route({ state: 'starting', isAsleep: true })
    const first = routed.ask(get())
    await routed.control.wanted(new AbortController().signal)
    await routed.route({ state: 'crashed' })
    await first
    expect(await routed.line()).toMatch(/code=H10 /)
    await routed.route({ state: 'starting' })
    await routed.ask(get())
    expect(await routed.line(1)).toMatch(/code=H20 /)
  })

  test('and starts for too long says H20', async () => {
    await open({ holdMs: 30 })
    await routed.route({ state: 'starting' })
    expect(await routed.ask(get())).toMatch(/^HTTP\/1.1 503 /)
    expect(await routed.line()).toMatch(/^at=error code=H20 desc="App boot timeout" /)
  })

  test('and crashes while requests wait says H10 to them', async () => {
    await open()
    await routed.route({ state: 'starting' })
    const answer = routed.ask(get())
    await eventually(async () => (await routed.control.status()).apps[0]?.held === 1)
    await routed.route({ state: 'crashed' })
    expect(await answer).toMatch(/^HTTP\/1.1 503 /)
    expect(await routed.line()).toMatch(/code=H10 /)
  })
})
