import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCommand } from '../../../agent/exec/command.ts'
import { openDynoGroups } from '../../../agent/process/dyno-groups.ts'
import { ProcessRunner } from '../../../agent/process/process-runner.ts'
import { detectSandbox } from '../../../agent/process/sandbox.ts'
import { findByEnvironment } from '../dyno-runner/sentence.ts'
import { Bench, eventually } from '../dyno-runner-bench.ts'
import { sentences } from '../dyno-runner-contract.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'hearth-process-'))
const groups = await openDynoGroups()
const sandbox = await detectSandbox(path.join(folder, 'trial'))
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each([
  { name: 'in namespaces', avoidSandbox: false },
  { name: 'without a sandbox', avoidSandbox: true },
])('the process runner $name', ({ name, avoidSandbox }) => {
  const isLeftOut = !avoidSandbox && sandbox.kind === 'none'
  const place = {
    folder,
    stackDirectory: null,
    limitsMemory: groups.kind === 'groups',
    createRunner: () => new ProcessRunner({ folder: path.join(folder, name), avoidSandbox }),
  }
  let bench: Bench

  beforeAll(async () => {
    bench = new Bench(place)
    await bench.runner.open(bench.recorder)
  })
  afterAll(() => bench.runner.close())

  // Where the kernel's groups are not to be had this adapter promises no limit, and the window says so.
  for (const { sentence, prove, needsMemoryLimits } of sentences)
    test.skipIf(isLeftOut || (needsMemoryLimits && groups.kind === 'none'))(sentence, { timeout: 60_000 }, () =>
      prove(bench),
    )

  test.skipIf(isLeftOut)(
    'a dyno does not outlive a killed agent longer than to the next start',
    { timeout: 60_000 },
    async () => {
      const marker = randomUUID()
      const own = path.join(folder, marker)
      const { appDirectory } = await bench.makeSlug()
      const script = path.join(import.meta.dirname, 'doomed-agent.ts')
      const mode = avoidSandbox ? ['plain'] : []
      const agent = await startCommand([process.execPath, script, own, appDirectory, ...mode], {
        environment: { MARKER: marker, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let said = ''
      agent.child.stdout?.on('data', (bytes: Buffer) => {
        said += bytes
      })
      await eventually(() => said.includes('running') && said.includes('ready'))
      await eventually(async () => (await findByEnvironment(marker)) > 2)
      agent.kill('SIGKILL')
      await agent.exit
      const next = new ProcessRunner({ folder: own, avoidSandbox })
      expect(await next.open(bench.recorder)).toEqual([])
      expect(await readdir(own)).toEqual([])
      await eventually(async () => (await findByEnvironment(marker)) === 0)
      await next.close()
    },
  )

  if (!isLeftOut && !avoidSandbox)
    test("ends nothing of others by a killed agent's record of a number that is theirs now", async () => {
      const before = await heldNamespaces()
      const running = await bench.start('sleep 500')
      const [number] = await eventually(async () => {
        const held = await heldNamespaces()
        const fresh = held.filter((name) => !before.includes(name))
        return fresh.length > 0 && fresh
      })
      const own = await mkdtemp(path.join(folder, 'record-'))
      const record = { dynoId: randomUUID(), leaderPid: 2 ** 22 - 1, pidNamespace: number, startTime: '1' }
      await mkdir(path.join(own, record.dynoId))
      await writeFile(path.join(own, record.dynoId, 'process.json'), JSON.stringify(record))
      const next = new ProcessRunner({ folder: own })
      await next.open(bench.recorder)
      await next.close()
      const usage = await bench.runner.usage(running.id)
      expect(usage?.memoryBytes).toBeGreaterThan(0)
      await bench.runner.stop(running.id, 0)
      await eventually(async () => !(await heldNamespaces()).includes(number ?? ''))
    })

  test.skipIf(isLeftOut)('says what keeps dynos apart', () => {
    expect(bench.runner.sandbox).toMatch(avoidSandbox ? /^No sandbox \(not wanted\)/ : /^User namespaces/)
    expect(bench.runner.sandbox).toMatch(groups.kind === 'groups' ? /Memory is limited/ : /Memory is not limited: \S/)
  })
})

/** The PID namespaces that this process keeps from being anybody else's. */
async function heldNamespaces(): Promise<string[]> {
  const names = await readdir('/proc/self/fd')
  const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')))
  return targets.filter((target) => target.startsWith('pid:['))
}
