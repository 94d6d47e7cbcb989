import { expect, test } from 'vitest'
import { describeRole, listGivers, suffices } from '../../../renderer/lib/role.ts'

test('a role includes those before it', () => {
  expect([suffices('operate', 'deploy'), suffices('deploy', 'operate'), suffices(null, 'view')]).toEqual([
    true,
    false,
    false,
  ])
  expect(describeRole('view')).toBe('Sees the app, its logs and its history.')
  expect(describeRole('operate')).toMatch(/^Sees the app.*; deploys.*; scales.*\.$/)
})

test('whoever can give more is named, the rest counted', () => {
  expect(listGivers([])).toBe('Whoever is root on the server')
  expect(listGivers(['ann'])).toBe('ann')
  expect(listGivers(['ann', 'bob'])).toBe('ann or bob')
  expect(listGivers(['ann', 'bob', 'carl'])).toBe('ann, bob or 1 other')
  expect(listGivers(['ann', 'bob', 'carl', 'dora'])).toBe('ann, bob or 2 others')
})
