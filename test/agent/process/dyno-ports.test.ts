import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { DynoPorts } from '../../../agent/process/dyno-ports.ts'

describe('ports of dynos on this computer', () => {
  test('dynos that start at once have different ones, none of which a connection going out can take', async () => {
    const ports = new DynoPorts('127.0.0.1')
    const taken = await Promise.all(Array.from({ length: 50 }, () => ports.take()))
    expect(new Set(taken).size).toBe(50)
    expect(taken.filter((port) => port >= 32_768)).toEqual([])
  })

  test('one that somebody listens on is passed over', async () => {
    const ports = new DynoPorts('127.0.0.1')
    const first = await ports.take()
    const others = [1, 2, 3].map((step) => createServer().listen(nextPort(first, step), '127.0.0.1'))
    // Where somebody else has it, it is passed over just as well.
    await Promise.allSettled(others.map((server) => once(server, 'listening')))
    const next = await ports.take()
    for (const server of others) server.close()
    expect([1, 2, 3].map((step) => nextPort(first, step))).not.toContain(next)
  })

  test('one that was given back is taken again when its turn comes', async () => {
    const ports = new DynoPorts('127.0.0.1')
    const first = await ports.take()
    ports.release(first)
    const seen = new Set<number>()
    for (let round = 0; round < 12_000 && !seen.has(first); round++) {
      const port = await ports.take()
      seen.add(port)
      ports.release(port)
    }
    expect([...seen]).toContain(first)
  })
})

function nextPort(port: number, step: number): number {
  return 20_000 + ((port - 20_000 + step) % 12_000)
}
