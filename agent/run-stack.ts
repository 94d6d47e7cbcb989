import { join } from 'node:path'
import { keepReserve } from './builds/disk-reserve.ts'
import { readConfig } from './config.ts'
import { openStacks } from './stack/stacks.ts'

/** What the first app on a server most likely needs; an app of another version waits for that in its first build. */
const likelyLayer = 'node 24.x'

/** Makes the stack ahead of the first build, and prints a line a step for the installer to show. */
export async function runStack(parameters: readonly string[]): Promise<void> {
  const config = readConfig(parameters)
  const cancel = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => cancel.abort())
  const progress = { output: (text: string) => void process.stdout.write(text), signal: cancel.signal }
  const directories = {
    stackDirectory: join(config.stateDirectory, 'stacks'),
    layerDirectory: join(config.stateDirectory, 'layers'),
  }
  const { registryUrl, mirrors } = config
  const requireFree = keepReserve(config)
  const stacks = await openStacks({ ...directories, registryUrl, mirrors, requireFree }, progress)
  const layers = await stacks.open(stacks.names[0], progress)
  // Without a way to the registry the server is of use all the same; a build will say what is wrong.
  await layers.ensure(likelyLayer, progress).catch((error: Error) => process.stdout.write(` !     ${error.message}\n`))
  process.stdout.write(`${layers.stack.id}\n`)
}
