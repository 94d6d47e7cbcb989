import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startCommand } from '../../../agent/exec/command.ts'
import { type HeldNamespace, holdNamespace } from '../../../agent/process/pid-namespace.ts'
import { detectSandbox } from '../../../agent/process/sandbox.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'hearth-namespace-'))
const sandbox = await detectSandbox(folder)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** One that was made, is held, and has no process any more. */
async function makeEmpty(): Promise<HeldNamespace> {
  const unshare = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child'] as const
  const maker = await startCommand([...unshare, 'sh', '-c', 'echo made; exec sleep 100'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => maker.child.stdout?.once('data', resolve))
  const held = holdNamespace(maker.pid)
  maker.kill('SIGKILL')
  await maker.exit
  if (!held) throw new Error('It made no namespace.')
  return held
}

test.skipIf(sandbox.kind === 'none')(
  'the number of a namespace without processes is no other one’s while it is held',
  async () => {
    const held: HeldNamespace[] = []
    for (let n = 0; n < 12; n += 1) held.push(await makeEmpty())
    for (const { release } of held) release()
    expect(new Set(held.map(({ name }) => name)).size).toBe(held.length)
  },
)

test('a process that made none, or is gone, has none to hold: ours is never taken for a dyno’s', async () => {
  expect(holdNamespace(process.pid)).toBeNull()
  const gone = await startCommand(['true'], { stdio: ['ignore', 'ignore', 'ignore'] })
  await gone.exit
  expect(holdNamespace(gone.pid)).toBeNull()
})
