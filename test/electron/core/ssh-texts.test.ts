import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { backOffMs } from '../../../electron/core/servers/back-off.ts'
import {
  fingerprintOf,
  parseHostKeyBlob,
  parseKnownHosts,
  renderKnownHost,
} from '../../../electron/core/servers/host-key.ts'
import { quoteCommand } from '../../../electron/core/servers/shell-quote.ts'

const key = {
  type: 'ssh-ed25519',
  blob: 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl',
}

describe('quoting', () => {
  test.each([
    'plain',
    'two words',
    `it's`,
    '"double"',
    'a\nb',
    '$HOME',
    '`id`',
    'ünïcode — ✓',
    '',
    '-n',
    '\\',
    '*',
    '~',
    '!x',
  ])('a shell reads %j back unchanged', (word) => {
    expect(execFileSync('sh', ['-c', quoteCommand(['printf', '%s', word])], { encoding: 'utf8' })).toBe(word)
  })

  test('a zero byte is refused', () => {
    expect(() => quoteCommand(['a\0b'])).toThrow(TypeError)
  })
})

describe('host keys', () => {
  test('the fingerprint is the one that ssh shows', () => {
    expect(fingerprintOf(key)).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU')
  })

  test('the type is read from the blob', () => {
    expect(parseHostKeyBlob(Buffer.from(key.blob, 'base64'))).toEqual(key)
    expect(() => parseHostKeyBlob(Buffer.from('x'))).toThrow('not an SSH host key')
  })

  test('known_hosts lines are read back as they were written', () => {
    expect(renderKnownHost('hearth', key)).toBe(`hearth ssh-ed25519 ${key.blob}\n`)
    expect(parseKnownHosts(`# by hand\n${renderKnownHost('hearth', key)}\n`)).toEqual([key])
  })
})

test('waiting doubles from half a second to half a minute, with jitter', () => {
  expect([0, 1, 2, 3].map((attempt) => backOffMs(attempt, 0.99999))).toEqual([500, 1000, 2000, 4000])
  expect(backOffMs(50, 0.99999)).toBe(30_000)
  expect(backOffMs(0, 0)).toBe(375)
})
