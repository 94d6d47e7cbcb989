import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DynoPorts } from '../../../agent/process/dyno-ports.ts'
import { RouterProcess, type RouterProcessOptions } from '../../../agent/process/router-process.ts'
import { root } from '../../tooling/repository.ts'

let folder: string
let opened: RouterProcess[]
let wanted: number
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-router-'))
  opened = []
  wanted = await new DynoPorts('127.0.0.1').take()
})
afterEach(async () => {
  await Promise.all(opened.map((router) => router.close()))
  await rm(folder, { recursive: true, force: true })
})

/** The router of the agent of this name. */
async function open(name: string, change: Partial<RouterProcessOptions> = {}): Promise<RouterProcess> {
  const router = new RouterProcess({ ...optionsOf(name), ...change })
  opened.push(router)
  await router.open()
  return router
}

function optionsOf(name: string): RouterProcessOptions {
  const run = path.join(folder, name)
  const folders = ['--run', run, '--router-directory', path.join(run, 'router')]
  const parameters = ['router', '--runner', 'process', '--with-parent', ...folders]
  return {
    command: [process.execPath, path.join(root, 'agent/main.ts'), ...parameters],
    environment: { ...process.env } as Record<string, string>,
    port: wanted,
    portRecord: path.join(folder, `${name}-port`),
    note: () => {},
  }
}

const ask = async ({ port }: RouterProcess) => (await fetch(`http://127.0.0.1:${port}/`)).status

describe('the router of an agent on this computer', () => {
  test('listens on a port of its own when several want the same at once, and keeps it', async () => {
    const routers = await Promise.all(['a', 'b', 'c'].map((name) => open(name)))
    const ports = routers.map(({ port }) => port)
    expect(new Set(ports).size).toBe(3)
    expect(ports).toContain(wanted)
    expect(await Promise.all(routers.map(ask))).toEqual([404, 404, 404])
    const moved = routers.findIndex(({ port }) => port !== wanted)
    await Promise.all(routers.map((router) => router.close()))
    const again = await open('abc'[moved] as string)
    expect(again.port).toBe(ports[moved])
    expect(await readFile(path.join(folder, `${'abc'[moved]}-port`), 'utf8')).toBe(`${wanted} ${ports[moved]}\n`)
  })

  test('takes the port of the one before, and waits until that one has let go of it', async () => {
    const first = await open('a')
    const next = new RouterProcess({ ...optionsOf('a'), portRecord: path.join(folder, 'other') })
    opened.push(next)
    const opening = next.open()
    await Promise.all([first.close(), opening])
    expect(next.port).toBe(first.port)
  })

  test('that can not listen is not waited for', async () => {
    const command = ['/bin/sh', '-c', 'exit 3'] as const
    await expect(open('broken', { command, patienceMs: 0 })).rejects.toThrow('ended before it listened')
  })
})
