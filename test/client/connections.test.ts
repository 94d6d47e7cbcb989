import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isForeign, parseConnections, watchCommand } from './connections.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'hearth-watch-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Of a program that starts another one, which tries. */
function watch(script: string): string[] {
  const file = path.join(folder, 'trace')
  const child = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(script)}])`
  const [program = '', ...parameters] = [...watchCommand(file), process.execPath, '-e', child]
  spawnSync(program, parameters)
  return parseConnections(readFileSync(file, 'utf8'))
    .filter(isForeign)
    .map(({ host, port }) => `${host}:${port}`)
}

// Addresses of documentation: nobody answers, and the try is what counts.
describe('what a program and its children try to reach', () => {
  test('is seen by TCP', () => {
    expect(
      watch("require('net').connect(443, '192.0.2.7').on('error', () => {}); setImmediate(() => process.exit())"),
    ).toEqual(['192.0.2.7:443'])
    expect(watch("require('net').connect(80, '2001:db8::7').on('error', () => {})")).toEqual(['2001:db8::7:80'])
  })

  test('is seen by UDP', () => {
    expect(
      watch("const s = require('dgram').createSocket('udp4'); s.send('x', 514, '192.0.2.7', () => s.close())"),
    ).toEqual(['192.0.2.7:514'])
  })

  test('is seen as a question to a name server', () => {
    expect(watch("require('dns').lookup('nobody.example', () => {})").every((place) => place.endsWith(':53'))).toBe(
      true,
    )
    expect(watch("require('dns').lookup('nobody.example', () => {})")).not.toEqual([])
  })

  test('is nothing foreign on this computer', () => {
    expect(watch("require('net').connect(9, '127.0.0.1').on('error', () => {})")).toEqual([])
  })
})
