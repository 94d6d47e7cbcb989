import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

/**
 * A Linux of its own, in an ordinary process (User-Mode Linux): its root is this machine's, its process 1 the script. Other
 * kernels that the tests run on may have the groups' version 1, for which the unit tests speak.
 */
async function runInKernel(script: (folder: string) => string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-kernel-'))
  const init = path.join(folder, 'init')
  await writeFile(init, `#!/bin/sh\n${script(folder)}\necho o >/proc/sysrq-trigger\nsleep 60\n`, { mode: 0o755 })
  const parameters = ['mem=768M', 'root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'rw', `init=${init}`, 'quiet']
  const child = spawn('linux.uml', [...parameters, 'con=null', 'con0=null,fd:1', 'con1=null'], {
    env: { PATH: process.env.PATH, TMPDIR: '/dev/shm', HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += bytes))
  await new Promise((resolve) => child.once('close', resolve))
  await rm(folder, { recursive: true, force: true })
  return output
}

describe('dynos of this computer, where the kernel has version 2 of the groups', () => {
  const said = new Map<string, Record<string, unknown>>()
  let output: string
  beforeAll(async () => {
    const inside = path.join(import.meta.dirname, 'inside.ts')
    output = await runInKernel(
      (folder) => `mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs ${folder}; export PATH=/usr/bin:/bin HOME=${folder} TMPDIR=${folder}; ${process.execPath} ${inside} 2>&1`,
    )
    for (const [line] of output.matchAll(/^\{.*\}/gm)) {
      const { name, ...rest } = JSON.parse(line)
      said.set(name, rest)
    }
  })

  test('end as a whole when they are too large, and it is known why', () => {
    expect(said.get('hog'), output).toEqual({ status: null, signal: 'SIGKILL', outOfMemory: true })
    expect(output).not.toContain('survived')
  })

  test('end as they like when they are not', () => {
    expect(said.get('small'), output).toEqual({ status: 3, signal: null, outOfMemory: false })
  })

  test('have no more processes than they may', () => {
    const { count } = said.get('forks') ?? {}
    expect(count, output).toBeGreaterThan(10)
    expect(count).toBeLessThan(20)
    expect(said.get('forked')).not.toMatchObject({ status: 0 })
  })

  test('are in groups beside the one that the agent moved into', () => {
    expect(said.get('agent')?.group, output).toMatch(/^0::\/hearth-agent-\d+$/)
  })
})
