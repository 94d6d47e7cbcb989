import { expect, test } from 'vitest'
import { compareFiles, listedFiles } from '../../../../electron/core/ledger/file-difference.ts'

const file = (path: string, sha256 = path, executable = false) => ({ path, size: 1, sha256, executable, files: 1 })
const list = (files: ReturnType<typeof file>[], left_out = 0) => ({ files, left_out })

test('a file that only became executable has changed', () => {
  const { changes, changed } = compareFiles(list([file('run')]), list([file('run', 'run', true)]))
  expect([changes, changed]).toEqual([[{ path: 'run', from: 1, to: 1 }], 1])
})

test('what one list leaves out is not taken for gone', () => {
  const difference = compareFiles(list([file('a'), file('b'), file('c')]), list([file('a'), file('b', 'x')], 1))
  expect(difference).toMatchObject({ removed: 0, changed: 1, isPartial: true })
})

test('of very many changes the first are listed and all are counted', () => {
  const many = Array.from({ length: listedFiles + 5 }, (_, index) => file(String(index).padStart(4, '0')))
  const difference = compareFiles(list([]), list(many))
  expect([difference.added, difference.changes.length, difference.more]).toEqual([listedFiles + 5, listedFiles, 5])
})
