import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createPermissions } from '../../../agent/api/permission.ts'

const key = randomBytes(32)

test('what was sealed opens as the same kind only', () => {
  const permissions = createPermissions(key, () => 1000)
  const sealed = permissions.seal('build', 'a.b/c', 60_000)
  expect(permissions.open('build', sealed)).toBe('a.b/c')
  expect(permissions.open('log', sealed)).toBeNull()
})

test('a permission ends at its time and survives a restart until then', () => {
  const sealed = createPermissions(key, () => 1000).seal('build', 'x', 500)
  expect(createPermissions(key, () => 1499).open('build', sealed)).toBe('x')
  expect(createPermissions(key, () => 1501).open('build', sealed)).toBeNull()
})

test('a changed, cut or foreign seal opens nothing', () => {
  const permissions = createPermissions(key, () => 1000)
  const sealed = permissions.seal('build', 'x', 500)
  const other = createPermissions(randomBytes(32), () => 1000).seal('build', 'x', 500)
  for (const bad of [`${sealed}a`, sealed.slice(0, -1), other, '', '...', sealed.replace('build', 'log')]) {
    expect(permissions.open('build', bad)).toBeNull()
  }
})
