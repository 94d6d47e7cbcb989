import { expect, test } from 'vitest'
import {
  addCounts,
  countTests,
  formatCounts,
  listErrors,
  listFailures,
  listSkipped,
  listUnstable,
  type VitestReport,
} from './vitest-run.ts'

const report = (...files: [status: string, ...tests: string[]][]): VitestReport => ({
  testResults: files.map(([status, ...tests], index) => ({
    name: `${index}.test.ts`,
    status,
    assertionResults: tests.map((one, at) => ({ status: one, fullName: `test ${index}.${at}` })),
  })),
})

test('tests are counted by what happened to them', () => {
  const all = report(['passed', 'passed', 'skipped', 'todo'], ['failed', 'failed', 'passed', 'pending'])
  expect(countTests(all, 1)).toEqual({ passed: 2, failed: 1, skipped: 3 })
  expect(listSkipped(all)).toEqual(['test 0.1', 'test 0.2', 'test 1.2'])
})

test('a file that cannot be loaded is a failure', () => {
  expect(countTests(report(['failed']), 1)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('an error outside every test is a failure', () => {
  expect(countTests(report(['passed', 'passed']), 1)).toEqual({ passed: 1, failed: 1, skipped: 0 })
})

test('a run that left no report is a failure', () => {
  expect(countTests(null, null)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('the closing line sums all projects', () => {
  const sum = addCounts([
    { passed: 3, failed: 0, skipped: 1 },
    { passed: 2, failed: 1, skipped: 0 },
  ])
  expect(formatCounts(sum)).toBe('5 passed, 1 failed, 1 skipped')
})

test('failures are told in a line each, with why', () => {
  const [failing, broken] = report(['failed', 'failed', 'passed'], ['failed']).testResults
  const assertionResults = [
    { status: 'failed', fullName: 'it holds', failureMessages: ['it does not\n  yet\n    at line 3'] },
  ]
  const testResults = [
    { ...failing, name: 'a.test.ts', status: 'failed', assertionResults },
    { ...broken, name: '/x/b.test.ts', status: 'failed', assertionResults: [], message: 'no such file\n  at x' },
  ]
  expect(listFailures({ testResults })).toEqual(['it holds: it does not yet', 'b.test.ts: no such file'])
})

test('what an error outside every test says is told too, once', () => {
  const output = ' ok a.test.ts\n\nError: the results differ\n at x.ts\nError: the results differ\n'
  expect(listErrors(output)).toEqual(['outside every test: Error: the results differ'])
})

test('what passed only at the second try is named, with why it failed at first', () => {
  const { testResults } = report(['passed', 'passed'])
  const [file] = testResults
  const assertionResults = [
    { status: 'passed', fullName: 'it holds now', failureMessages: ['not at first\nat line 3'] },
    { status: 'passed', fullName: 'it always holds', failureMessages: [] },
    { status: 'failed', fullName: 'it never holds', failureMessages: ['no'] },
  ]
  expect(listUnstable({ testResults: [{ ...file, name: 'a.test.ts', status: 'passed', assertionResults }] })).toEqual([
    'it holds now: not at first',
  ])
})
