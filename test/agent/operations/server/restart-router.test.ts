import { afterEach, beforeEach, expect, it } from 'vitest'
import { settle } from '../fakes/manual-clock.ts'
import { Bench } from '../workbench.ts'

let bench: Bench
beforeEach(async () => {
  bench = new Bench()
  bench.routerKeeper = {
    async restart() {
      bench.router.isAway = true
      bench.router.version = '2'
    },
  }
  await bench.start()
})
afterEach(() => bench.close())

const nothing = { parameters: {}, body: undefined }

it('answers once the new router does, with what that one runs, and every desktop hears of it', async () => {
  expect(await bench.call('getServer', nothing)).toMatchObject({ router: { state: 'up', version: '1' } })
  let answer: unknown
  void bench.call('restartRouter', nothing).then((server) => {
    answer = server
  })
  await settle()
  await bench.clock.advance(500)
  expect(answer).toBeUndefined()
  bench.router.isAway = false
  await bench.clock.advance(500)
  expect(answer).toMatchObject({ router: { state: 'up', version: '2' } })
  expect(bench.events.at(-1)).toMatchObject({ topic: 'server', app: null })
})

it('says so when no router comes back', async () => {
  const failure = bench.call('restartRouter', nothing).catch((error: Error) => error.message)
  for (let passed = 0; passed < 11; passed++) await bench.clock.advance(1000)
  expect(await failure).toContain('journalctl -u hearth-router')
  expect(await bench.call('getServer', nothing)).toMatchObject({ router: { state: 'down', version: null } })
})
