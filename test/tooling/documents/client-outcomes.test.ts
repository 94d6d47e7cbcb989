import { describe, expect, it } from 'vitest'
import { compareOutcomes, mergeOutcomes } from '../../client/outcomes.ts'

const passed = { '11.10.0': 'passed' } as const
const failed = { '11.10.0': 'failed' } as const

describe("what became of the client's commands", () => {
  it('is a failure where one of several tests failed, in whatever order', () => {
    expect(mergeOutcomes([{ ps: passed }, { ps: failed }, { ps: passed }])).toEqual({ ps: failed })
  })

  it('is put together from all files, by version, in order', () => {
    const merged = mergeOutcomes([{ run: passed, ps: passed }, { ps: { '10.17.0': 'passed' } }])
    expect(JSON.stringify(merged)).toBe('{"ps":{"11.10.0":"passed","10.17.0":"passed"},"run":{"11.10.0":"passed"}}')
  })

  it('must be what is recorded', () => {
    expect(compareOutcomes({ ps: passed }, { ps: passed }, true)).toEqual([])
    expect(compareOutcomes({ ps: failed }, { ps: passed }, true)).toEqual([
      'ps with 11.10.0: failed, recorded as passed',
    ])
    expect(compareOutcomes({ ps: passed }, {}, true)).toEqual(['ps with 11.10.0: passed, recorded as not run'])
    expect(compareOutcomes({}, { ps: passed }, true)).toEqual(['ps with 11.10.0: not run, recorded as passed'])
  })

  it('is not compared with what a part of the suite left out', () => {
    expect(compareOutcomes({ ps: passed }, { ps: passed, run: passed }, false)).toEqual([])
  })
})
