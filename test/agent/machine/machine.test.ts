import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseDiskUse } from '../../../agent/machine/disk-use.ts'
import {
  openMachine,
  parseAvailableMemory,
  parseOsRelease,
  readOperatingSystem,
  reserveBytes,
} from '../../../agent/machine/machine.ts'

test('the stack is named after the operating system', () => {
  const text = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'
  expect(parseOsRelease(text)).toEqual({ name: 'Debian GNU/Linux 12 (bookworm)', stack: 'debian-12' })
  expect(parseOsRelease('ID=arch\n')).toEqual({ name: 'Linux', stack: 'arch' })
})

test('available memory is what caches would give back too', () => {
  expect(parseAvailableMemory('MemTotal: 10 kB\nMemAvailable:   2048 kB\n')).toBe(2048 * 1024)
  expect(parseAvailableMemory('MemTotal: 10 kB\n')).toBeNull()
})

test('the disk reserve is 5 % within sensible bounds', () => {
  const gibibyte = 1024 ** 3
  expect(reserveBytes(1 * gibibyte)).toBe(gibibyte / 4)
  expect(reserveBytes(20 * gibibyte)).toBe(gibibyte)
  expect(reserveBytes(1000 * gibibyte)).toBe(2 * gibibyte)
})

test('figures of this machine are plausible', async () => {
  const { name, stack } = await readOperatingSystem()
  const figures = await openMachine({ operatingSystem: name, stack } as never, tmpdir()).measure()
  expect(figures.memory.availableBytes).toBeLessThanOrEqual(figures.memory.totalBytes)
  expect(figures.disk.freeBytes).toBeGreaterThan(0)
  expect(figures.cpu.cores).toBeGreaterThan(0)
})

test('what the disk is used for is told by folder, the rest of the state as other, and is kept for a while', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-disk-'))
  try {
    mkdirSync(join(folder, 'slugs'))
    writeFileSync(join(folder, 'slugs', 'a'), Buffer.alloc(300_000, 1))
    writeFileSync(join(folder, 'state.db'), Buffer.alloc(100_000, 1))
    const machine = openMachine({} as never, folder)
    const { usedBy } = await machine.measureDiskUse()
    expect([...usedBy.keys()].sort()).toEqual(['other', 'slugs'])
    expect(usedBy.get('slugs')).toBeGreaterThanOrEqual(300_000)
    expect(usedBy.get('other')).toBeGreaterThanOrEqual(100_000)
    mkdirSync(join(folder, 'logs'))
    expect((await machine.measureDiskUse()).usedBy).toBe(usedBy)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('du is read with any name', () => {
  expect(parseDiskUse('128\t/var/lib/hearth/slugs\n4\t/x/a b\n\n')).toEqual([
    ['slugs', 131_072],
    ['a b', 4096],
  ])
})
