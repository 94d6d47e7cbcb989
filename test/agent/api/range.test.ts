import { expect, test } from 'vitest'
import { selectRange } from '../../../agent/api/range.ts'

const releases = [{ version: 1 }, { version: 2 }, { version: 10 }]

test.each([
  ['version ..; max=2, order=desc', [10, 2]],
  ['version ..; order=desc,max=1', [10]],
  ['version ..; max=2', [1, 2]],
  ['', [1, 2, 10]],
  ['nonsense', [1, 2, 10]],
])('the range %j gives %j', (range, versions) => {
  expect(selectRange(releases, range)).toEqual(versions.map((version) => ({ version })))
})

test('what is no list has no range', () => {
  expect(selectRange({ version: 1 }, 'version ..; max=1')).toEqual({ version: 1 })
})
