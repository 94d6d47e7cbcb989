import { describe, expect, it } from 'vitest'
import { type ActualDyno, type DesiredDyno, desireDynos, plan } from '../../../agent/core/dynos/plan.ts'

/** Repeatable numbers, so that a failure can be looked at again. */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

const states = ['up', 'starting', 'crashed', 'down', 'idle'] as const
const types = ['web', 'worker', 'clock']

function someFormation(roll: (below: number) => number): DesiredDyno[] {
  const release = `r${roll(3)}`
  const commands = Object.fromEntries(types.map((type) => [type, `${type} ${roll(2)}`]))
  const size = roll(2) ? 'small' : 'large'
  return desireDynos(
    release,
    commands,
    types.map((type) => ({ type, quantity: roll(4), size })),
  )
}

function someDynos(roll: (below: number) => number): ActualDyno[] {
  return Array.from({ length: roll(12) }, (_, index) => {
    const type = types[roll(3)] ?? 'web'
    return {
      id: `d${index}`,
      name: `${type}.${1 + roll(4)}`,
      type,
      releaseId: `r${roll(3)}`,
      command: `${type} ${roll(2)}`,
      size: roll(2) ? 'small' : 'large',
      state: states[roll(states.length)] ?? 'up',
      createdAt: `2026-01-01T00:00:${10 + roll(50)}.000Z`,
    }
  })
}

/** What there is after the plan was carried out. */
function carryOut(actual: readonly ActualDyno[], { start, stop }: ReturnType<typeof plan>): ActualDyno[] {
  const kept = actual.filter(({ id }) => !stop.includes(id))
  const fresh = start.map((dyno): ActualDyno => ({ ...dyno, id: `new ${dyno.name}`, state: 'up', createdAt: '' }))
  return [...kept, ...fresh]
}

describe('plan', () => {
  it('makes exactly the desired dynos of whatever there is, and then has nothing left to do', () => {
    for (let seed = 1; seed <= 2000; seed += 1) {
      const roll = dice(seed)
      const desired = someFormation(roll)
      const actual = someDynos(roll)
      const after = carryOut(actual, plan(desired, actual))
      const shapes = (dynos: readonly DesiredDyno[]) =>
        dynos.map(({ name, releaseId, command, size }) => [name, releaseId, command, size].join('|')).sort()
      expect(shapes(after), `seed ${seed}`).toEqual(shapes(desired))
      expect(plan(desired, after), `seed ${seed}`).toEqual({ start: [], stop: [] })
    }
  })

  it('never stops a dyno that it would have to start again', () => {
    for (let seed = 1; seed <= 2000; seed += 1) {
      const roll = dice(seed)
      const desired = someFormation(roll)
      const actual = someDynos(roll)
      const { start, stop } = plan(desired, actual)
      const started = new Set(start.map(({ name, releaseId, command, size }) => `${name}${releaseId}${command}${size}`))
      const stopped = actual.filter(({ id }) => stop.includes(id))
      const wasted = stopped.filter((dyno) => started.has(`${dyno.name}${dyno.releaseId}${dyno.command}${dyno.size}`))
      expect(wasted, `seed ${seed}`).toEqual([])
    }
  })

  it('of several dynos with one name keeps the one that is up', () => {
    const [desired] = desireDynos('r1', { web: 'run' }, [{ type: 'web', quantity: 1, size: 'small' }])
    if (!desired) throw new Error('No dyno was desired.')
    const dyno = (id: string, state: ActualDyno['state']): ActualDyno => ({ ...desired, id, state, createdAt: id })
    const actual = [dyno('a', 'crashed'), dyno('b', 'up'), dyno('c', 'starting')]
    expect(plan([desired], actual)).toEqual({ start: [], stop: ['a', 'c'] })
  })

  it('leaves out process types that the release does not have', () => {
    expect(desireDynos('r1', {}, [{ type: 'web', quantity: 2, size: 'small' }])).toEqual([])
  })
})
