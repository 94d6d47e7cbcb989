import { describe, expect, it } from 'vitest'
import {
  chooseNewest,
  formatRange,
  includesVersion,
  intersectRanges,
  isSubrange,
  parseRange,
  parseVersion,
} from '../../../../agent/core/builds/version-range.ts'

function includes(range: string, version: string): boolean | null {
  const parsed = parseRange(range)
  const exact = parseVersion(version)
  return parsed && exact && includesVersion(parsed, exact)
}

describe('version range', () => {
  it.each([
    ['24.x', '24.21.0', true],
    ['24', '25.0.0', false],
    ['', '1.0.0', true],
    ['*', '1.0.0', true],
    ['24.*', '24.0.1', true],
    ['^1.2.3', '1.9.0', true],
    ['^1.2.3', '2.0.0', false],
    ['^1.2.3', '1.2.2', false],
    ['^0.2.3', '0.2.9', true],
    ['^0.2.3', '0.3.0', false],
    ['^0.0.3', '0.0.4', false],
    ['^0.0', '0.0.9', true],
    ['^0', '0.9.0', true],
    ['~1.2.3', '1.2.9', true],
    ['~1.2.3', '1.3.0', false],
    ['~1', '1.9.0', true],
    ['>=18', '26.1.0', true],
    ['>= 18 <21', '20.0.0', true],
    ['>=18 < 21', '21.0.0', false],
    ['>18', '18.5.0', false],
    ['>18', '19.0.0', true],
    ['<=20', '20.9.9', true],
    ['<20', '20.0.0', false],
    ['=20.1.0', '20.1.0', true],
    ['v20.1.0', '20.1.0', true],
    ['18 || 20 || >=22', '20.5.0', true],
    ['18 || 20 || >=22', '21.0.0', false],
    ['1.2 - 2', '2.9.9', true],
    ['1.2.3 - 2.0.1', '2.0.2', false],
    ['20.1.0', '20.1.1', false],
  ])('%s against %s is %s', (range, version, expected) => {
    expect(includes(range, version)).toBe(expected)
  })

  it.each(['banana', 'lts/*', '>=a', '1.2.3-rc.1', '1.2.3.4'])('%s is not a range', (text) => {
    expect(parseRange(text)).toBeNull()
  })

  it('intersects, and prints what is left as a range', () => {
    const wide = parseRange('>=18 || 16')
    const capped = intersectRanges(wide ?? [], parseRange('<25') ?? [])
    expect(formatRange(capped)).toBe('>=18.0.0 <25.0.0 || >=16.0.0 <17.0.0')
    expect(intersectRanges(parseRange('26') ?? [], parseRange('<25') ?? [])).toEqual([])
    expect(isSubrange(parseRange('11') ?? [], parseRange('>=9') ?? [])).toBe(true)
    expect(isSubrange(parseRange('11') ?? [], parseRange('11.3.0') ?? [])).toBe(false)
  })

  it('chooses the newest released version', () => {
    const versions = ['24.9.0', '24.10.0', '25.0.0', '24.11.0-rc.1']
    expect(chooseNewest(versions, parseRange('24') ?? [])).toBe('24.10.0')
    expect(chooseNewest(versions, parseRange('22') ?? [])).toBeNull()
  })
})
