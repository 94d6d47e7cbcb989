import { expect, test } from 'vitest'
import { logTexts } from '../../../agent/core/logs/log-texts.ts'
import { DamagedSlug } from '../../../agent/core/releases/damaged-slug.ts'
import { routingCodes } from '../../../agent/core/routing/routing-codes.ts'
import { errorCodeOf, errorCodes, findErrorCodes } from '../../../renderer/lib/log/error-codes.ts'

test('every code that the router gives is explained under the name that its log line has', () => {
  const told = Object.values(routingCodes).map(({ code, desc }) => [code, desc])
  expect(errorCodes.filter(({ code }) => code.startsWith('H')).map(({ code, title }) => [code, title])).toEqual(told)
})

test('every code of a dyno and of the log is found in the line that tells it, and explained', () => {
  const damaged = new DamagedSlug('It is damaged.', { expected: 'SHA256:a', actual: null })
  const lines = [
    ...[logTexts.bootTimeout(60_000), logTexts.exitTimeout(30_000), logTexts.attachTimeout, logTexts.memoryExceeded],
    ...[logTexts.memoryVastlyExceeded, logTexts.detached, logTexts.checksumError(damaged)],
    ...[
      logTexts.outputDropped(3, 'now'),
      logTexts.readerBehind(3, 'now'),
      logTexts.drainFails('d', 'it is away', false),
    ],
    logTexts.drainFails('d', 'it is a stranger', true),
  ]
  const found = lines.flatMap((line) => findErrorCodes(line).map(({ code }) => code))
  expect(found).toEqual(errorCodes.filter(({ code }) => !code.startsWith('H')).map(({ code }) => code))
  expect(findErrorCodes('at=error code=H12 desc="Request timeout"')).toEqual([{ code: 'H12', start: 14, end: 17 }])
})

test("what is no code of the platform's is none", () => {
  expect(findErrorCodes('take the H12 bus; key R14=L10; code=H77; Error R99; (H100)')).toEqual([])
  expect(errorCodeOf('H77')).toBeNull()
})
