import { afterEach, describe, expect, test } from 'vitest'
import type { Timeouts } from '../../../../agent/router/limits.ts'
import { eventually, get, openRouted, type Routed } from '../routed.ts'

let routed: Routed
const open = async (timeouts: Partial<Timeouts> = {}) => {
  routed = await openRouted(timeouts)
}
afterEach(() => routed.close())

describe('a client', () => {
  test('that goes away makes H27, and the dyno hears of it', async () => {
    await open()
    let hasDynoHeard = false
    const dyno = await routed.httpDyno((_request, response) => {
      response.write('begin')
      response.on('close', () => {
        hasDynoHeard = true
      })
    })
    await routed.route({ dynos: [dyno] })
    await routed.ask(get(), /begin/)
    expect(await routed.line()).toMatch(
      /^sock=client at=warning code=H27 desc="Client Request Interrupted" .* status=499 bytes=5 /,
    )
    await eventually(() => hasDynoHeard)
  })

  test('that stops in the middle of its body makes H28', async () => {
    await open({ idleMs: 40 })
    const dyno = await routed.httpDyno((request) => request.resume())
    await routed.route({ dynos: [dyno] })
    await routed.ask('POST / HTTP/1.1\r\nHost: blog.test\r\nContent-Length: 9\r\n\r\nabc')
    expect(await routed.line()).toMatch(/^at=warning code=H28 desc="Client Connection Idle" .* status=499 /)
  })

  test('that sends a broken chunk makes H26', async () => {
    await open()
    const dyno = await routed.httpDyno((request) => request.resume())
    await routed.route({ dynos: [dyno] })
    const answer = await routed.ask(
      'POST / HTTP/1.1\r\nHost: blog.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/)
    expect(await routed.line()).toMatch(/^at=error code=H26 desc="Request Error" cause="bad chunk" .* status=400 /)
  })

  test('that does not finish its head is told so, and an idle one is let go', async () => {
    await open({ requestHeadMs: 30, clientIdleMs: 60 })
    expect(await routed.ask('GET / HTTP/1.1\r\nHos')).toMatch(/^HTTP\/1.1 408 /)
    expect(await routed.ask('')).toBe('')
  })
})
