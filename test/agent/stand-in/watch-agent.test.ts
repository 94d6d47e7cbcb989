import { expect, test } from 'vitest'
import { watchAgent } from '../../../agent/stand-in/watch-agent.ts'
import { until } from '../../tooling/until.ts'

/** An agent, its disk, and what became of its door. */
function watched() {
  const it = { beat: 0, problem: null as string | null, looks: 0, door: 'agent', told: [] as string[] }
  void watchAgent({
    beats: () => it.beat,
    async diskProblem() {
      it.looks += 1
      return it.problem
    },
    async standIn() {
      it.door = 'substitute'
      return {
        async close() {
          it.door = 'agent'
        },
      }
    },
    tell: (text) => it.told.push(text),
    silentMs: 20,
  })
  return it
}

test('an agent that is silent while its disk hangs is stood in for until it goes on, each time', async () => {
  const it = watched()
  it.problem = 'does not answer'
  await until(() => expect(it.door).toBe('substitute'))
  await until(() => expect(it.told.length).toBe(1))
  it.beat += 1
  await until(() => expect(it.door).toBe('agent'))
  await until(() => expect(it.told.length).toBe(2))
  expect(it.told[0]).toMatch(/^The disk does not answer, and the agent waits for it/)
  expect(it.told[1]).toMatch(/^The agent goes on, after \d+ seconds$/)
  await until(() => expect(it.door).toBe('substitute'))
})

test('an agent that is silent beside a disk that is well is only busy', async () => {
  const it = watched()
  await until(() => expect(it.looks).toBeGreaterThan(2))
  expect(it).toMatchObject({ door: 'agent', told: [] })
})

test('an agent that goes on while its disk is tried keeps its door', async () => {
  const it = { beat: 0, looks: 0 }
  void watchAgent({
    beats: () => it.beat,
    async diskProblem() {
      it.beat += 1
      it.looks += 1
      return 'does not answer'
    },
    standIn: () => Promise.reject(new Error('It goes on.')),
    tell: (text) => expect.unreachable(text),
    silentMs: 20,
  })
  await until(() => expect(it.looks).toBeGreaterThan(2))
})
