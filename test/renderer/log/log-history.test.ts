// The history of a log: millions of lines in a list that has only those in sight, searched on the server.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LineIndex } from '../../../renderer/lib/log/line-index.ts'
import { isWithin, windowAround, windowSize } from '../../../renderer/lib/log/row-window.ts'
import { splitAtTerms } from '../../../renderer/lib/log/search-terms.ts'
import { SegmentCache } from '../../../renderer/lib/log/segment-cache.ts'
import { hasBrowser, openScreens, type Screens } from '../page/open-page.ts'

test('a line is found by how manyth it is, and the other way around, in segments of any size', () => {
  const index = new LineIndex([
    { id: 7, lines: 3 },
    { id: 8, lines: 0 },
    { id: 9, lines: 2 },
  ])
  const places = [0, 1, 2, 3, 4].map((row) => index.placeOf(row))
  expect(places.map((place) => `${place?.segment}/${place?.line}`).join(' ')).toBe('7/0 7/1 7/2 9/0 9/1')
  expect(places.map((place) => place && index.rowOf(place))).toEqual([0, 1, 2, 3, 4])
  expect([index.placeOf(-1), index.placeOf(5)]).toEqual([null, null])
  expect(index.rowOf({ segment: 6, line: 0 })).toBe(null)
})

test('a list of very many rows is a window over them, with any row in it and its ends at theirs', () => {
  const size = windowSize(2_000_000, 20)
  expect(size).toBe(200_000)
  expect(windowSize(10, 20)).toBe(10)
  for (const row of [0, 5, 999_999, 1_999_999]) expect(isWithin(windowAround(row, 2_000_000, size), row)).toBe(true)
  expect(windowAround(0, 2_000_000, size).first).toBe(0)
  expect(windowAround(1_999_999, 2_000_000, size).first).toBe(1_800_000)
})

test('each word and phrase of a search stands out, and what is not wanted does not', () => {
  expect(splitAtTerms('POST /api (slow)', 'post "/api (" -slow')).toEqual(['', 'POST', ' ', '/api (', 'slow)'])
  expect(splitAtTerms('nothing', 'else')).toEqual(['nothing'])
  expect(splitAtTerms('nothing', '-else')).toEqual(['nothing'])
})

test('whoever scrolls fast asks only for what is in sight when the last answer came', async () => {
  const asked: number[] = []
  const answers: (() => void)[] = []
  const load = (id: number) => {
    asked.push(id)
    return new Promise<string>((resolve) => answers.push(() => resolve(`line of ${id}\n`)))
  }
  let isLoaded = Promise.withResolvers<void>()
  const cache = new SegmentCache(load, () => isLoaded.resolve())
  for (let id = 1; id <= 50; id += 1) cache.want([id])
  answers[0]?.()
  await isLoaded.promise
  isLoaded = Promise.withResolvers<void>()
  answers[1]?.()
  await isLoaded.promise
  expect(asked).toEqual([1, 50])
  expect(cache.linesOf(50)).toEqual(['line of 50'])
})

let screens: Screens
let page: Page
describe.runIf(hasBrowser)('the history of a log', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await screensWith(2_000_000)
    page = await screens.open('#/servers/atlas/apps/corner-shop/logs')
    await page.getByText('History', { exact: true }).click()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test('of two million lines shows the newest, and has only those in sight', async () => {
    await page.getByText('2,000,000 lines kept on the server').waitFor()
    await list().getByText('order 2007998 packed').first().waitFor()
    expect(await list().getByRole('option').count()).toBeLessThan(100)
  })

  test('goes to any line by the keyboard, and shows the whole of it', async () => {
    await list().focus()
    await page.keyboard.press('ArrowUp')
    await page.locator('pre').getByText('order 2007998 packed').waitFor()
    await page.keyboard.press('PageUp')
    await expect.poll(() => page.locator('pre').innerText()).not.toContain('2007998')
  })

  test('goes to its middle at once', async () => {
    await page.getByRole('slider', { name: 'Place in the history' }).fill('1000000')
    await list().getByText('order 1008003 packed').waitFor()
    expect(await list().getByRole('option').count()).toBeLessThan(100)
  })

  test('is searched on the server, and shows the lines around one that was found', async () => {
    await page.getByRole('textbox', { name: 'Search the history' }).fill('order 1999003 packed')
    await page.getByText('1 line found').waitFor()
    await list().getByText('order 1999003 packed').click()
    await page.getByRole('button', { name: 'Show the lines around it' }).click()
    await list().getByText('order 1998998 packed').waitFor()
    expect(await list().getByRole('option', { selected: true }).innerText()).toContain('order 1999003 packed')
  })

  test('keeps the live log going behind it', async () => {
    await page.getByRole('toolbar', { name: 'Log' }).getByText('Live', { exact: true }).click()
    await page.getByRole('region', { name: 'Log of corner-shop' }).getByText('order 8').first().waitFor()
  })
})

const list = () => page.getByRole('listbox', { name: 'Kept lines of corner-shop' })

async function screensWith(lines: number): Promise<Screens> {
  const opened = await openScreens()
  return {
    ...opened,
    open: (hash) => opened.open(`?lines=${lines}${hash}`),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}
