import { describe, expect, test } from 'vitest'
import { LineSplitter, maximumLineBytes } from '../../../agent/logs/line-splitter.ts'

const origin = { source: 'app', process: 'web.1' } as const

function splitAll(...pieces: (string | Uint8Array)[]): string[] {
  const splitter = new LineSplitter(origin)
  const batches = pieces.map((piece) => splitter.split(Buffer.from(piece), 'P '))
  batches.push(splitter.end('P '))
  return batches.flatMap((batch) => (batch ? batch.bytes.toString('latin1').split('\n').slice(0, -1) : []))
}

describe('the line splitter', () => {
  test('renders every line with the prefix, blank ones too', () => {
    expect(splitAll('one\n\ntwo\n')).toEqual(['P one', 'P ', 'P two'])
  })

  test('joins a line that arrives in pieces', () => {
    expect(splitAll('o', 'n', 'e\ntw', 'o\n')).toEqual(['P one', 'P two'])
  })

  test('gives the last line when the writer ends without a newline', () => {
    expect(splitAll('one\ntwo')).toEqual(['P one', 'P two'])
    expect(splitAll('one\n')).toEqual(['P one'])
  })

  test('keeps colours, bad UTF-8 and NUL as written', () => {
    const bytes = Buffer.from([0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff, 0xfe, 0x00, 0x0a])
    expect(splitAll(bytes)).toEqual([`P ${bytes.subarray(0, -1).toString('latin1')}`])
  })

  test('takes away a carriage return before the newline only', () => {
    expect(splitAll('one\r\n 10 %\r 20 %\r\n', 'two\r', '\n')).toEqual(['P one', 'P  10 %\r 20 %', 'P two'])
  })

  test('makes several lines of a long one, whole or in pieces, and loses none of it', () => {
    const text = 'x'.repeat(maximumLineBytes)
    const lines = [`P ${text}`, 'P 12345', 'P next']
    expect(splitAll(`${text}12345\nnext\n`)).toEqual(lines)
    expect(splitAll(text.slice(0, 7000), `${text.slice(7000)}123`, '45\nnext\n')).toEqual(lines)
    expect(splitAll(`${text}12345\nne`, 'xt')).toEqual(lines)
  })

  test('makes no blank line of the end of a long one', () => {
    const text = 'x'.repeat(maximumLineBytes)
    for (const end of ['\n', '\r\n']) {
      expect(splitAll(`${text}${end}`, text, end, `${text}${text}`, end)).toEqual(Array(4).fill(`P ${text}`))
      expect(splitAll(`${text}${text}${end.slice(0, -1)}`, '\n')).toEqual(Array(2).fill(`P ${text}`))
    }
  })

  test('does not keep a line of any length in memory, nor one that is passed over', () => {
    const splitter = new LineSplitter(origin)
    const chunk = Buffer.alloc(64 * 1024, 'x')
    for (let i = 0; i < 100; i++) expect(splitter.split(chunk, 'P ')?.lines).toBeGreaterThan(0)
    let passed = 0
    for (let i = 0; i < 100; i++) passed += splitter.skip(chunk)
    expect(passed).toBe(Math.round((100 * chunk.length) / maximumLineBytes))
    expect(splitter.end('P ')?.bytes.length).toBeLessThan(maximumLineBytes + 100)
  })

  test('counts its lines', () => {
    const batch = new LineSplitter(origin).split(Buffer.from('a\nb\nc\nd'), 'P ')
    expect(batch).toMatchObject({ lines: 3, origin })
  })
})
