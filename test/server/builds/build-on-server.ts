import { chmod, cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'esbuild'
import type { BuiltSlug } from '../../../agent/core/ports/builds/builder.ts'
import type { SandboxLimits } from '../../../agent/core/ports/builds/sandbox.ts'
import type { SlugParts, SlugTree } from '../../../agent/core/ports/builds/slug-store.ts'
import { bundleBuildpacks, registryUrl } from '../../agent/builds/workshop.ts'
import { bootServer, prepareImage, type Server } from '../../servers/index.ts'
import { buildAgent } from '../hearth-server.ts'

export interface BuildJob {
  readonly registryUrl: string
  /** On the server. Without it only the stack is made. */
  readonly folder?: string
  readonly appId?: string
  /** Without it the server's own. */
  readonly stack?: string
  /** HEARTH_STACKS, by the stack's name. */
  readonly archives?: Readonly<Record<string, string>>
  readonly buildpacks?: readonly string[]
  readonly configVars?: Record<string, string>
  readonly limits?: Partial<SandboxLimits>
  /** What the build may reach on the local network. */
  readonly destinations?: readonly { readonly host: string; readonly port: number }[]
  /** Afterwards everything but these slugs and what they need is collected. */
  readonly keep?: readonly SlugParts[]
  /** Cancels the build when its output has this. */
  readonly cancelAt?: string
}

export interface BuildResult {
  output: string
  durationMs: number
  built?: BuiltSlug
  tree?: SlugTree
  error?: { id: string; message: string }
}

const fixtures = path.join(import.meta.dirname, '../../fixtures/apps')

/** A machine with the programs that the installer would bring, and the driver. */
export async function bootBuildServer(): Promise<Server> {
  const image = await prepareImage('builds-bookworm', { suite: 'bookworm' }, async (server) => {
    await server.exec(['apt-get', 'update', '-qq'])
    await server.exec(['apt-get', 'install', '-qq', '-y', '--no-install-recommends', 'nftables', 'iproute2'])
  })
  const server = await bootServer({ image })
  await installDriver(server)
  return server
}

/** Puts Node, the driver, the buildpacks and the fixture apps on a server. */
async function installDriver(server: Server): Promise<void> {
  const at = (file: string) => server.path(file)
  await cp(process.execPath, at('/opt/node'))
  await chmod(at('/opt/node'), 0o755)
  // The agent beside the driver, because it starts itself to download.
  await cp(buildAgent(), at('/opt'), { recursive: true })
  await bundleBuildpacks(at('/opt/buildpacks'))
  await mkdir(at('/opt/apps'), { recursive: true })
  await cp(fixtures, at('/opt/apps'), { recursive: true })
  await build({
    entryPoints: [path.join(import.meta.dirname, 'driver.ts')],
    outfile: at('/opt/driver.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; globalThis.require = createRequire(import.meta.url)" },
  })
}

export async function runDriver(server: Server, job: Omit<BuildJob, 'registryUrl'>): Promise<BuildResult> {
  const text = JSON.stringify({ registryUrl, ...job })
  const environment = ['env', 'NODE_USE_SYSTEM_CA=1']
  const { stdout } = await server.exec([...environment, '/opt/node', '/opt/driver.mjs', text])
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as BuildResult
}
