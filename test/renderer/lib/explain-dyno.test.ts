import { describe, expect, test } from 'vitest'
import { describeExit, describeRestarts, next } from '../../../agent/core/dynos/dyno-state.ts'
import { describeExceeded } from '../../../agent/core/dynos/memory.ts'
import { adviseOn, sayAsleep, sayRefusal } from '../../../renderer/lib/apps/explain-dyno.ts'

const exit = { status: null, signal: null, outOfMemory: false }

describe('advice on a dyno', () => {
  test.each([
    [next('starting', { kind: 'timed-out', timeoutMs: 60_000 }).reason, 'Listen on the port that $PORT names'],
    [describeExceeded(600 * 2 ** 20, 512 * 2 ** 20), 'It serves on'],
    [describeExit({ ...exit, outOfMemory: true }), 'Give it a larger size'],
    [describeExit({ ...exit, status: 127 }), 'was not found'],
    [describeExit({ ...exit, status: 0 }), 'has to keep running'],
    [describeExit({ ...exit, status: 1 }), 'Its last lines in the log say why'],
    [describeExit({ ...exit, signal: 'SIGSEGV' as never }), 'The program itself failed'],
    [describeRestarts(2, describeExit({ ...exit, status: 1 })), 'Its last lines in the log say why'],
  ])('goes by the reason as the agent words it: %s', (reason, advice) => {
    expect(adviseOn(reason ?? '')).toContain(advice)
  })

  test('is not made up where the reason says it all', () => {
    expect(adviseOn(describeExit({ ...exit, signal: 'SIGTERM' as never }))).toBeNull()
  })
})

describe('what requests get', () => {
  const serving = { wanted: 2, states: ['up', 'crashed'], isMaintenance: false }
  test.each([
    [serving, null],
    [{ ...serving, states: ['crashed', 'crashed'] }, 'H10'],
    [{ ...serving, states: ['crashed', 'starting'] }, 'H20'],
    [{ ...serving, wanted: 0, states: [] }, 'H14'],
    [{ ...serving, isMaintenance: true }, 'H80'],
  ])('%j', (web, code) => {
    if (code === null) expect(sayRefusal(web)).toBeNull()
    else expect(sayRefusal(web)).toContain(code)
  })
})

test('an app asleep refuses nobody: the next request wakes it', () => {
  const asleep = { wanted: 1, states: ['idle'], isMaintenance: false }
  expect([sayRefusal(asleep), sayAsleep(asleep)]).toEqual([null, expect.stringContaining('next request wakes it')])
  expect(sayAsleep({ ...asleep, states: ['starting', 'idle'] })).toBeNull()
  expect(sayAsleep({ ...asleep, isMaintenance: true })).toBeNull()
})
