import { expect, it } from 'vitest'
import type { Dyno, DynoStatus } from '../../../agent/contract/dynos/dyno.ts'
import { pairWithStatuses } from '../../../electron/core/dyno-entries.ts'

const dyno = (id: string, name: string) => ({ id, name }) as Dyno
const status = (id: string | undefined, name: string, reason: string) => ({ id, name, reason }) as DynoStatus

it('each of two dynos of one name has its own status, as during a deploy', () => {
  const dynos = [dyno('1', 'web.1'), dyno('2', 'web.1'), dyno('3', 'worker.1')]
  const statuses = [status('2', 'web.1', 'new'), status('1', 'web.1', 'old')]
  const reasons = pairWithStatuses(dynos, statuses).map((entry) => entry.status?.reason ?? null)
  expect(reasons).toEqual(['old', 'new', null])
})

it('an older agent tells statuses by name', () => {
  expect(pairWithStatuses([dyno('1', 'web.1')], [status(undefined, 'web.1', 'well')])[0]?.status?.reason).toBe('well')
})
