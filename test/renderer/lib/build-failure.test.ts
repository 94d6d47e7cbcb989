import { describe, expect, test } from 'vitest'
import { findFailure } from '../../../renderer/lib/apps/build-failure.ts'

/** The line that is pointed at. */
function cause(output: string): string | null {
  const lines = output.split('\n')
  const at = findFailure(lines)
  return at === null ? null : (lines[at] ?? '').trim()
}

describe('the cause of a failed build', () => {
  test.each([
    [
      'TypeScript',
      `-----> Build
       npm run build
       src/cart.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'.
       src/cart.ts(40,1): error TS1005: '}' expected.
 !     The command "npm run build" ended with status 2.`,
      "src/cart.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'.",
    ],
    [
      'npm',
      `-----> Installing dependencies
       npm warn deprecated glob@7.2.3: error-prone, no longer supported
       npm \u001b[31merror\u001b[0m code E404
       npm error 404 Not Found - GET http://registry.example/left-padd
 !     npm ci failed.`,
      'npm \u001b[31merror\u001b[0m code E404',
    ],
    [
      'Python',
      `-----> Installing dependencies
       Collecting django==99
       ERROR: No matching distribution found for django==99
 !     pip failed.`,
      'ERROR: No matching distribution found for django==99',
    ],
    [
      'a program that throws',
      `-----> Build
       Traceback (most recent call last):
         File "manage.py", line 3, in <module>
       ModuleNotFoundError: No module named 'shop'`,
      "ModuleNotFoundError: No module named 'shop'",
    ],
  ])('is the first line of the last step that says so: %s', (_, output, line) => {
    expect(cause(output)).toBe(line)
  })

  test('is what the buildpack says where no program says more, from the beginning of what it says', () => {
    const output = `-----> Node.js app detected
       checked src/error.js and 0 errors
 !
 !     package.json names Node 99, which does not exist.
 !     Choose one of 20, 22 and 24.`
    expect(cause(output)).toBe('!     package.json names Node 99, which does not exist.')
  })

  test('is not looked for in steps that went well', () => {
    expect(cause('-----> Restoring cache\n       error: no cache\n-----> Build\n !     Timed out.')).toBe(
      '!     Timed out.',
    )
    expect(cause('-----> Build\n       done')).toBeNull()
    expect(cause('')).toBeNull()
  })
})
