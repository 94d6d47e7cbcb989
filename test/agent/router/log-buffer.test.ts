import { expect, test } from 'vitest'
import type { RouterLogEntry } from '../../../agent/core/ports/routing/router-control.ts'
import { limits } from '../../../agent/router/limits.ts'
import { LogBuffer } from '../../../agent/router/log/log-buffer.ts'
import { parseLogText } from '../../../agent/router/log/log-text.ts'

function read(text: string): RouterLogEntry[] {
  const entries: RouterLogEntry[] = []
  parseLogText(text, (entry) => entries.push(entry))
  return entries
}

test('what nobody reads is kept up to a limit; the oldest lines go, and are counted per app', () => {
  const logs = new LogBuffer()
  const line = 'x'.repeat(1000)
  const count = 10_000
  for (let index = 0; index < count; index++) logs.add(index % 2 ? 'odd' : 'even', index, `${index} ${line}`)
  let text = ''
  logs.setReader((part) => {
    text += part
    return true
  })
  expect(text.length).toBeLessThan(limits.logBufferBytes + 2 * limits.logBatchBytes)
  const entries = read(text)
  const dropped = entries.filter((entry) => entry.kind === 'dropped')
  const lines = entries.filter((entry) => entry.kind === 'line')
  expect(dropped.map(({ appId }) => appId).sort()).toEqual(['even', 'odd'])
  expect(dropped.reduce((sum, entry) => sum + entry.count, 0) + lines.length).toBe(count)
  expect(lines.at(-1)?.timeMs).toBe(count - 1)
  expect(lines.map(({ timeMs }) => timeMs)).toEqual(lines.map((_entry, index) => count - lines.length + index))
})

test('a slow reader is waited for', () => {
  const logs = new LogBuffer()
  const parts: (string | Buffer)[] = []
  const reader = (part: string | Buffer) => {
    parts.push(part)
    return false
  }
  logs.setReader(reader)
  for (let index = 0; index < 200; index++) logs.add('app', index, 'x'.repeat(1000))
  logs.onReaderDrain(reader)
  expect(parts.length).toBe(1)
  logs.onReaderDrain(reader)
  expect(parts.length).toBe(2)
})

test('a line that comes in two parts is read as one', () => {
  const entries: RouterLogEntry[] = []
  const rest = parseLogText('L 12 app at=in', (entry) => entries.push(entry))
  expect(entries).toEqual([])
  parseLogText(`${rest}fo x\n`, (entry) => entries.push(entry))
  expect(entries).toEqual([{ kind: 'line', appId: 'app', timeMs: 12, line: 'at=info x' }])
})
