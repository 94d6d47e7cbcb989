// `npm run package -- [options]`: builds Hearth and makes installers of it, for the system that it runs on.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { configurePackaging, type TargetArch, type TargetPlatform, type UpdateFeed } from './configuration.ts'
import { fillStage } from './stage.ts'

const help = `npm run package -- [options]

  --arch ARCH       x64 or arm64; on macOS universal, too. This machine's by default, universal on macOS
  --dir             an unpacked folder instead of installers
  --node PATH       the Node for the embedded server of macOS and Windows
  --electron PATH   an unpacked Electron of this machine; downloaded otherwise
  --publish         hands the installers to the feed; without it nothing leaves this machine
  --icons           draws the icons anew and ends

The feed of updates: HEARTH_UPDATE_REPOSITORY=owner/name (GitHub releases) or HEARTH_UPDATE_URL=https://... (any web server).
`

const root = path.join(import.meta.dirname, '..')
const hosts: Partial<Record<NodeJS.Platform, TargetPlatform>> = { linux: 'linux', darwin: 'mac', win32: 'win' }

/** What electron-builder reads for signing. GitHub hands over a secret that there is not as an empty text. */
const signingVariables = [
  ...['CSC_LINK', 'CSC_KEY_PASSWORD', 'WIN_CSC_LINK', 'WIN_CSC_KEY_PASSWORD'],
  ...['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'],
]

export function dropEmptySecrets(environment: Record<string, string | undefined>): void {
  for (const name of signingVariables) if (environment[name] === '') delete environment[name]
}

async function main(parameters: string[]): Promise<void> {
  dropEmptySecrets(process.env)
  const [flag, text] = [{ type: 'boolean' }, { type: 'string' }] as const
  const { values } = parseArgs({
    args: parameters,
    options: { arch: text, dir: flag, node: text, electron: text, publish: flag, icons: flag, help: flag },
  })
  if (values.help) process.stdout.write(help)
  else if (values.icons) await (await import('./render-icons.ts')).renderIcons()
  else {
    const platform = hosts[process.platform]
    if (!platform) throw new Error(`Hearth is not packaged for ${process.platform}.`)
    const arch = readArch(values.arch, platform)
    const stage = await buildAll({ platform, arch, ownNode: values.node ?? null })
    const electronDist = values.electron ? { electronDist: path.resolve(values.electron) } : {}
    const feed = readFeed(process.env)
    const isNotarized = process.env.APPLE_API_KEY !== undefined
    await makePackages(
      { platform, arch, stage, feed, isNotarized, ...electronDist },
      { dir: values.dir, publish: values.publish },
    )
  }
}

function readArch(given: string | undefined, platform: TargetPlatform): TargetArch {
  const wanted = given ?? (platform === 'mac' ? 'universal' : process.arch)
  if (wanted === 'x64' || wanted === 'arm64' || (wanted === 'universal' && platform === 'mac')) return wanted
  throw new Error(`There is no Hearth for ${wanted} on ${platform}.`)
}

export function readFeed(environment: Readonly<Record<string, string | undefined>>): UpdateFeed | null {
  const { HEARTH_UPDATE_URL: url, HEARTH_UPDATE_REPOSITORY: repository } = environment
  if (url) {
    if (!url.startsWith('https://')) throw new Error(`HEARTH_UPDATE_URL must be an https:// address, not "${url}".`)
    return { provider: 'generic', url }
  }
  if (!repository) return null
  const [owner, repo, ...rest] = repository.split('/')
  if (!owner || !repo || rest.length > 0)
    throw new Error(`HEARTH_UPDATE_REPOSITORY must be owner/name, not "${repository}".`)
  return { provider: 'github', owner, repo }
}

/** Builds, with terminals for servers of either architecture, and gathers the rest. */
export async function buildAll(options: Parameters<typeof fillStage>[0]): Promise<string> {
  execFileSync(process.execPath, ['esbuild.config.ts', '--if-stale', '--arm64'], { cwd: root, stdio: 'inherit' })
  return fillStage(options)
}

interface Builder {
  build(options: object): Promise<string[]>
  Platform: Record<'LINUX' | 'MAC' | 'WINDOWS', { createTarget(types: string[], arch: number): unknown }>
  Arch: Record<TargetArch, number>
}

export async function makePackages(
  options: Parameters<typeof configurePackaging>[0],
  { dir = false, publish = false }: { dir?: boolean | undefined; publish?: boolean | undefined } = {},
): Promise<string[]> {
  const { build, Platform, Arch } = loadBuilder()
  const platform = { linux: Platform.LINUX, mac: Platform.MAC, win: Platform.WINDOWS }[options.platform]
  const targets = platform.createTarget(dir ? ['dir'] : [], Arch[options.arch])
  const config = configurePackaging(options)
  return build({ targets, config, projectDir: root, publish: publish ? 'always' : 'never' })
}

/** Installed when it is needed, with a lock file of its own: 280 packages that nothing else of Hearth uses. */
function loadBuilder(): Builder {
  const folder = import.meta.dirname
  if (!existsSync(path.join(folder, 'node_modules/electron-builder'))) {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    execFileSync(npm, ['ci'], { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' })
  }
  return createRequire(path.join(folder, 'package.json'))('electron-builder') as Builder
}

if (import.meta.main)
  main(process.argv.slice(2)).catch((error) => {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(1)
  })
