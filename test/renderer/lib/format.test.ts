import { expect, test } from 'vitest'
import { sayNames } from '../../../renderer/lib/format.ts'

test('many names are the first of them and how many more there are', () => {
  expect(sayNames(['a', 'b', 'c'])).toBe('a, b, c')
  expect(sayNames(Array.from({ length: 1203 }, (_, at) => `n${at}`))).toBe('n0, n1, n2 and 1,200 more')
})
