import { describe, expect, test } from 'vitest'
import { selectPage } from '../../../agent/api/range.ts'

const fields = ['version', 'id', 'at']
const releases = [1, 2, 3, 9, 10].map((version) => ({ version, id: `r${version}`, at: version < 9 ? 'early' : 'late' }))
const versionsOf = (items: readonly unknown[]) => items.map((item) => (item as { version: number }).version)

describe('a range', () => {
  test.each([
    ['version ..; max=2, order=desc', [10, 9]],
    ['version ..; order=desc,max=1', [10]],
    ['version ..; max=2', [1, 2]],
    ['version ..;order=desc;max=2;', [10, 9]],
    ['version 3..', [3, 9, 10]],
    ['version [3..', [3, 9, 10]],
    ['version ]3..', [9, 10]],
    ['version ]3..9', [9]],
    ['version ]2..9[', [3]],
    ['version ]9..; order=desc', [3, 2, 1]],
    ['version ]9..2; order=desc', [3, 2]],
    ['id ..; max=2', [1, 10]],
    ['version ..; max=0', [1]],
    ['version ..; order=asc, max=1', [1]],
    ['at ..; order=desc', [9, 10, 1, 2, 3]],
  ])('%j gives %j', (range, versions) => {
    expect(versionsOf(selectPage(releases, range, fields).items)).toEqual(versions)
  })

  test.each([[''], ['nonsense'], ['size ..; max=1'], ['bytes=0-99'], ['version'], ['version .; max=1']])(
    '%j is ignored',
    (range) => {
      expect(selectPage(releases, range, fields)).toMatchObject({ items: releases, status: 200 })
    },
  )
})

describe('a page', () => {
  test('is followed by its Next-Range to the end, in both orders, without loss or repetition', () => {
    for (const order of ['asc', 'desc']) {
      const pages = follow(`version ..; max=2, order=${order}`)
      expect(pages.flat()).toEqual(order === 'asc' ? [1, 2, 3, 9, 10] : [10, 9, 3, 2, 1])
      expect(pages.map((page) => page.length)).toEqual([2, 2, 1])
    }
  })

  test('keeps its end while it is followed', () => {
    expect(follow('version ..9[; max=1').flat()).toEqual([1, 2, 3])
    expect(follow('version ..9; max=1').flat()).toEqual([1, 2, 3, 9])
  })

  test('is not cut between items that share a key, which the next page would leave out', () => {
    expect(follow('at ..; max=1')).toEqual([
      [1, 2, 3],
      [9, 10],
    ])
  })

  test('says what it is of, and that there is more', () => {
    expect(selectPage(releases, 'version ..; max=2', fields)).toMatchObject({
      status: 206,
      headers: {
        'accept-ranges': 'version, id, at',
        'content-range': 'version 1..2',
        'next-range': 'version ]2..; max=2',
      },
    })
    expect(selectPage([], 'version ..', fields)).toEqual({
      items: [],
      status: 200,
      headers: { 'accept-ranges': 'version, id, at' },
    })
  })

  test('has 200 items when nobody says how many, and 1000 at most', () => {
    const many = Array.from({ length: 1500 }, (_, index) => ({ version: index + 1 }))
    const page = selectPage(many, undefined, fields)
    expect([page.status, page.items.length, page.headers['next-range']]).toEqual([206, 200, 'version ]200..; max=200'])
    expect(selectPage(many, 'version ..; max=99999', fields).items).toHaveLength(1000)
  })

  test('is the whole list where no field is offered', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ index }))
    expect(selectPage(many, 'index ..; max=1', [])).toEqual({ items: many, status: 200, headers: {} })
  })
})

function follow(range: string): number[][] {
  const pages: number[][] = []
  for (let next: string | undefined = range; next !== undefined; ) {
    const { items, headers } = selectPage(releases, next, fields)
    pages.push(versionsOf(items))
    if (pages.length > 10) throw new Error('It never ends.')
    next = headers['next-range']
  }
  return pages
}
