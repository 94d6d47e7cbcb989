import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../contract/errors.ts'
import { stackNameOf } from '../core/builds/stack-name.ts'
import type { LayerProgress } from '../core/ports/builds/layer-store.ts'
import { type CommandLine, runCommand, startCommand } from '../exec/command.ts'
import { chooseAptOptions, indexTargetFormat, parseIndexTargets, renderSourcesList } from './apt-configuration.ts'
import type { AptInstaller } from './directory-layer-store.ts'
import type { OsRelease } from './os-release.ts'
import { ensureKeyring } from './stack-keyring.ts'
import { chooseSources, type StackOffer } from './stack-offers.ts'
import { aptLayerScript, customizeScript, stackPackages, stripLayerScript } from './stack-script.ts'

export interface StackRecipe {
  /** The server's own release, whose package sources are there. */
  readonly own: OsRelease
  readonly offer: StackOffer
}

export interface Stack {
  /** `debian-12-0f3a5c7e9b1d`: the release and what is installed. */
  readonly id: string
  /** `debian-12` */
  readonly name: string
  readonly directory: string
}

/** Makes a stack from its packages' archive; the names of half-made ones have a dot in front. */
export async function makeStack(recipe: StackRecipe, directory: string, progress: LayerProgress): Promise<Stack> {
  const { stack: name } = recipe.offer
  progress.output(`-----> Making the ${name} stack\n`)
  await installTool(progress)
  const temporary = path.join(directory, `.${name}.new`)
  await discard(temporary)
  await mkdir(directory, { recursive: true })
  // apt downloads as a user of its own, who must get as far as the stack that is made.
  await chmod(directory, 0o711)
  try {
    await bootstrap(recipe, temporary, progress)
    // The folder of packages is the truth about what is in it, and the same for every server that made it today.
    const status = await readFile(path.join(temporary, 'var/lib/dpkg/status'))
    const id = `${name}-${createHash('sha256').update(status).digest('hex').slice(0, 12)}`
    const target = path.join(directory, id)
    await chmod(temporary, 0o755)
    // Its name must not be on disk before its files are.
    await runCommand(['sync', '--file-system', temporary])
    await rename(temporary, target)
    progress.output(`       Stack ${id} is ready\n`)
    return { id, name, directory: target }
  } catch (error) {
    await discard(temporary)
    throw error
  } finally {
    // Stacks have programs with set-user-id bits, which the server's own updates do not reach.
    await chmod(directory, 0o700)
  }
}

/** What was being made when its maker was killed may still have the machine's own /proc, /sys and /dev mounted in it. */
async function discard(directory: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '')
  for (const place of mounts.filter((one) => one.startsWith(`${directory}/`)).reverse())
    await runCommand(['umount', '--lazy', place])
  await rm(directory, { recursive: true, force: true })
}

/** The stacks that are there, as a whole: one a name. */
export async function findStacks(directory: string): Promise<Stack[]> {
  const ids = (await readdir(directory).catch(() => [])).filter((id) => /^[a-z]+-[\d.]+-[0-9a-f]{12}$/.test(id)).sort()
  const stacks = ids.map((id) => ({ id, name: stackNameOf(id), directory: path.join(directory, id) }))
  return stacks.filter(({ name }, index) => stacks.findIndex((one) => one.name === name) === index)
}

async function installTool(progress: LayerProgress): Promise<void> {
  const found = await runCommand(['sh', '-c', 'command -v mmdebstrap'], { expectedStatuses: [1, 127] })
  if (found.status === 0) return
  progress.output('       Installing mmdebstrap, which makes it\n')
  const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', HOME: '/root' }
  await runShown(['apt-get', 'update', '-q'], { environment }, progress, false)
  await runShown(
    ['apt-get', 'install', '-q', '-y', '--no-install-recommends', 'mmdebstrap'],
    { environment },
    progress,
    false,
  )
}

async function bootstrap({ own, offer }: StackRecipe, target: string, progress: LayerProgress): Promise<void> {
  const { stdout } = await runCommand([
    'apt-get',
    'indextargets',
    '--format',
    indexTargetFormat,
    'Created-By: Packages',
  ])
  const sources = chooseSources({ offer, own, sources: parseIndexTargets(stdout) })
  if (sources.length === 0)
    throw new HearthError(
      'unavailable',
      `The server's apt has no sources for ${own.codename}. Run "apt-get update" there and look what it says.`,
    )
  await ensureKeyring(offer, progress)
  const { stdout: dump } = await runCommand(['apt-config', 'dump'])
  const hook = `${target}.hook`
  await writeFile(hook, `#!/bin/sh\n${customizeScript}`, { mode: 0o755 })
  const list = `${target}.list`
  await writeFile(list, renderSourcesList(sources))
  try {
    await runShown(
      [
        'mmdebstrap',
        '--mode=root',
        '--variant=minbase',
        '--quiet',
        `--include=${stackPackages.join(',')}`,
        ...chooseAptOptions(dump).map((option) => `--aptopt=${option}`),
        '--aptopt=APT::Install-Recommends "false"',
        '--aptopt=Acquire::Languages "none"',
        '--dpkgopt=force-unsafe-io',
        `--customize-hook=${hook} "$1"`,
        offer.codename,
        target,
        list,
      ],
      {},
      progress,
      true,
    )
  } finally {
    await rm(hook, { force: true })
    await rm(list, { force: true })
  }
}

export function createAptInstaller(stack: Stack, downloads: string): AptInstaller {
  const install: AptInstaller = async (packages, root, progress) => {
    const work = `${root}.work`
    await mkdir(work, { recursive: true })
    const parameters = [stack.directory, root, work, downloads, ...packages]
    try {
      await runShown(
        ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', aptLayerScript, 'layer', ...parameters],
        {},
        progress,
        false,
      )
      await runCommand(['bash', '-c', stripLayerScript, 'strip', root])
      await chmod(root, 0o755)
    } finally {
      await rm(work, { recursive: true, force: true })
      await rm(path.join(downloads, 'archives'), { recursive: true, force: true })
    }
  }
  // One at a time: they share apt's lists, which it locks.
  let turn: Promise<unknown> = Promise.resolve()
  return (packages, root, progress) => {
    const result = turn.then(() => install(packages, root, progress))
    turn = result.catch(() => {})
    return result
  }
}

/** Runs a command whose output is for the user only when asked, or when it fails. */
async function runShown(
  command: CommandLine,
  options: { environment?: Record<string, string> },
  progress: LayerProgress,
  isShown: boolean,
): Promise<void> {
  progress.signal.throwIfAborted()
  const running = await startCommand(command, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = () => running.kill('SIGKILL')
  progress.signal.addEventListener('abort', stop, { once: true })
  let said = ''
  for (const stream of [running.child.stdout, running.child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000)
      if (isShown) progress.output(text.replace(/^(?=.)/gm, '       '))
    })
  const { status } = await running.exit
  progress.signal.removeEventListener('abort', stop)
  progress.signal.throwIfAborted()
  if (status === 0) return
  const lastWords = said.trim().split('\n').slice(-5).join('\n')
  throw new HearthError('unavailable', `${command[0]} failed with status ${status}: ${lastWords}`, { detail: said })
}
