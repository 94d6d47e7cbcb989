import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { backOffMs } from '../../../electron/core/servers/back-off.ts'
import {
  fingerprintOf,
  parseHostKeyBlob,
  parseKeyScan,
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

  test('known_hosts lines name the port unless it is 22', () => {
    expect(renderKnownHost({ host: 'example.org', port: 22 }, key)).toBe(`example.org ssh-ed25519 ${key.blob}\n`)
    expect(renderKnownHost({ host: '::1', port: 2222 }, key)).toBe(`[::1]:2222 ssh-ed25519 ${key.blob}\n`)
    expect(() => renderKnownHost({ host: 'a,b', port: 22 }, key)).toThrow('not a host name')
  })

  test('keys are found in the output of ssh-keyscan', () => {
    const output = `# 10.0.0.1:22 SSH-2.0-OpenSSH_9.2\n10.0.0.1 ssh-ed25519 ${key.blob}\n# done\n`
    expect(parseKeyScan(output)).toEqual([key])
  })
})

test('waiting doubles from half a second to half a minute, with jitter', () => {
  expect([0, 1, 2, 3].map((attempt) => backOffMs(attempt, 0.99999))).toEqual([500, 1000, 2000, 4000])
  expect(backOffMs(50, 0.99999)).toBe(30_000)
  expect(backOffMs(0, 0)).toBe(375)
})
