import { expect, test } from 'vitest'
import type { ReleaseDifference } from '../../../electron/bridge/contract.ts'
import { describeDifference } from '../../../renderer/lib/apps/difference.ts'

const none = { from: null, to: null }
const nothing: ReleaseDifference = {
  ...{ from: 7, to: 2, isSameCode: true, commit: none, stack: none, sizeBytes: none, buildpacks: none, addOns: none },
  slugChecksum: { from: 'SHA256:a', to: 'SHA256:a' },
  configVars: { added: [], removed: [], changed: [], same: ['A', 'B'] },
  processTypes: [{ type: 'web', from: 'x', to: 'x', quantity: 1 }],
  files: null,
}

test('what is the same in both is said in a word', () => {
  expect(describeDifference(nothing)).toEqual({
    rows: [],
    same: 'code, 1 process type and 2 config vars',
    unknown: '',
  })
})

test('a process type that goes takes its dynos with it', () => {
  const processTypes = [{ type: 'worker', from: 'node worker.js', to: null, quantity: 2 }]
  expect(describeDifference({ ...nothing, processTypes }).rows).toEqual([
    { kind: 'process type', name: 'worker', from: 'node worker.js', to: null, note: 'its 2 dynos stop' },
  ])
})

test('a fact that is known of one side alone is no difference, but code that only one side has is', () => {
  const sides = {
    stack: { from: null, to: 'debian-13' },
    sizeBytes: { from: 5, to: null },
    commit: { from: null, to: 'c0ffee' },
  }
  const { rows } = describeDifference({ ...nothing, ...sides, isSameCode: false, slugChecksum: none })
  expect(rows).toEqual([{ kind: 'code', name: 'Code', from: null, to: 'c0ffee' }])
})

test('what can’t be told is named instead of passed over', () => {
  const { unknown, same } = describeDifference({ ...nothing, configVars: null, processTypes: null, isSameCode: null })
  expect([unknown, same]).toEqual(['code, process types and config vars', ''])
})
