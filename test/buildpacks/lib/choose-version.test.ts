import { describe, expect, it } from 'vitest'
import { chooseVersion, findWish, offerArchives } from '../../../buildpacks/lib/choose-version.ts'

const stack = { version: '3.11', layer: 'apt python3 for python3' }
const archives = ['3.10.18', '3.12.11', '3.13.5', '3.13.7'].map((version) => ({ version, layer: `archive ${version}` }))
const choose = (text: string | null, more = {}) =>
  chooseVersion({
    language: 'Python',
    wish: text === null ? null : { text, from: '.python-version' },
    stack,
    archives,
    advice: 'Write one.',
    ...more,
  })

describe('the version of a runtime', () => {
  it.each([
    [null, '3.11'],
    ['3.11', '3.11'],
    ['3', '3.11'],
    ['>=3.10', '3.11'],
    ['3.13', '3.13.7'],
    ['>=3.12', '3.13.7'],
    ['3.13.5', '3.13.5'],
    ['3.12.x', '3.12.11'],
    ['<3.11', '3.10.18'],
  ])('for %j is %s', (text, version) => {
    expect(choose(text)).toMatchObject({ offer: { version }, warnings: [] })
  })

  it('is another patch of the line, with a warning, where the exact one is not to be had', () => {
    expect(choose('3.11.4')).toMatchObject({
      offer: stack,
      warnings: [expect.stringMatching(/3\.11\.4 .*using 3\.11,/)],
    })
    expect(choose('3.13.1').offer.version).toBe('3.13.7')
  })

  it('is refused with what there is', () => {
    expect(() => choose('2.7')).toThrow(/No version of Python fits '2.7' \(.python-version\)/)
    expect(() => choose('9.9.9')).toThrow(expect.objectContaining({ advice: expect.stringContaining('3.10.18') }))
    expect(() => choose('banana')).toThrow(expect.objectContaining({ id: 'invalid-version' }))
  })

  it('is the newest archive where the stack has none, or the default', () => {
    expect(choose(null, { stack: null }).offer.version).toBe('3.13.7')
    expect(choose(null, { byDefault: '3.12' }).offer.version).toBe('3.12.11')
  })

  it('comes from the first source that has a wish', async () => {
    const none = async () => null
    const some = (text: string) => async () => ({ text, from: text })
    expect(await findWish([none, some('a'), some('b')])).toEqual({ text: 'a', from: 'a' })
    expect(await findWish([none])).toBeNull()
  })

  it('is offered from archives of this processor only', () => {
    const pinned = [
      { version: '1.2.3', sha256: { x64: 'aa', arm64: 'bb' } },
      { version: '1.2.4', sha256: { x64: 'cc' } },
    ]
    const url = (version: string, architecture: string) => `https://example.org/${version}-${architecture}.zip`
    expect(offerArchives('go', pinned, url, 'arm64')).toEqual([
      { version: '1.2.3', layer: 'archive go 1.2.3 sha256:bb https://example.org/1.2.3-arm64.zip' },
    ])
  })
})
