import { expect, test } from 'vitest'
import { colourLogLine, splitLogLine, withoutColours } from '../../../renderer/lib/log/log-line.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const plain = (text: string) => text.replace(/\u001b\[[0-9;]*m/g, '')

test('shows local time, process and text', () => {
  const line = '2026-11-21T03:45:12.123456+00:00 app[web.1]: hello [world]: yes'
  const local = new Date('2026-11-21T03:45:12Z').toTimeString().slice(0, 8)
  expect(plain(colourLogLine(line))).toBe(`${local}.123 web.1 hello [world]: yes`)
})

test('names the platform where it speaks', () => {
  expect(plain(colourLogLine('2026-11-21T03:45:12.123456+00:00 heroku[web.1]: State changed'))).toContain(
    'heroku[web.1] State changed',
  )
})

test("colours a router's status by its class", () => {
  const status = (code: number) =>
    colourLogLine(`2026-11-21T03:45:12.123456+00:00 heroku[router]: at=info status=${code} bytes=3`)
  expect(status(200)).toContain('\u001b[32mstatus=200')
  expect(status(404)).toContain('\u001b[33mstatus=404')
  expect(status(503)).toContain('\u001b[1;31mstatus=503')
})

test("marks a router's error code, which leads to its meaning", () => {
  const line = (rest: string) => colourLogLine(`2026-11-21T03:45:12.123456+00:00 heroku[router]: ${rest}`)
  expect(line('at=error code=H12 desc="Request timeout"')).toContain('code=\u001b[4mH12\u001b[24m desc')
  expect(line('at=info method=GET path="/code=H12"')).not.toContain('\u001b[4m')
})

test('a process keeps its colour', () => {
  const colour = (text: string) =>
    colourLogLine(`2026-11-21T03:45:12.123456+00:00 app[web.7]: ${text}`).split('web.7')[0]
  expect(colour('a')).toBe(colour('b'))
})

test("the app's own colours stay and end with the line", () => {
  const coloured = colourLogLine('2026-11-21T03:45:12.123456+00:00 app[web.1]: \u001b[31mred')
  expect(coloured).toContain('\u001b[31mred\u001b[0m')
})

test('what is not a log line passes as it is', () => {
  for (const line of ['', 'plain text', 'a b[c]: d', '2026 x']) expect(colourLogLine(line)).toBe(line)
})

test('a line is taken apart, its colours left out where no terminal understands them', () => {
  const parts = splitLogLine('2026-11-21T03:45:12.123456+00:00 app[web.1]: \u001b[1;31mred\u001b[0m: x')
  expect(parts).toMatchObject({ source: 'app', process: 'web.1' })
  expect(withoutColours(parts?.text ?? '')).toBe('red: x')
  expect(splitLogLine('plain text')).toBeNull()
})
