import { randomUUID } from 'node:crypto'
import { globSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import { type Builds, createBuilds } from '../../../agent/builds/builds.ts'
import { openProcessSandbox } from '../../../agent/builds/sandbox/process-sandbox.ts'
import { defaultRegistryUrl } from '../../../agent/core/builds/default-registry.ts'
import type { BuildRequest } from '../../../agent/core/ports/builds/builder.ts'
import type { SandboxLimits } from '../../../agent/core/ports/builds/sandbox.ts'
import type { GitRepositories } from '../../../agent/core/ports/git-repositories.ts'
import { Secret } from '../../../agent/core/secret.ts'
import { openLocalStacks } from '../../../agent/stack/local-stack.ts'
import { openLocalGit } from '../git/local-git.ts'
import { sendFolder } from './send-folder.ts'

const root = path.join(import.meta.dirname, '../../..')
export const fixture = (name: string): string => path.join(root, 'test/fixtures/apps', name)
export const registryUrl = process.env.npm_config_registry ?? defaultRegistryUrl

/** What a machine behind a proxy that re-signs TLS, or with a mirror, passes to its builds. */
export const machineEnvironment = Object.fromEntries(
  Object.entries({
    NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
    npm_config_registry: process.env.npm_config_registry,
    SSL_CERT_FILE: process.env.SSL_CERT_FILE,
    PIP_CERT: process.env.PIP_CERT,
    REQUESTS_CA_BUNDLE: process.env.REQUESTS_CA_BUNDLE,
    PIP_INDEX_URL: process.env.PIP_INDEX_URL,
    PIP_DEFAULT_TIMEOUT: process.env.PIP_DEFAULT_TIMEOUT,
    GOPROXY: process.env.GOPROXY,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined),
)

let bundled: Promise<Map<string, Uint8Array>> | undefined

/** Each buildpack's program; all in one go and once a process, for there will be eight of them. */
async function bundlePrograms(): Promise<Map<string, Uint8Array>> {
  const names = listBuildpacks()
  const { outputFiles } = await build({
    entryPoints: Object.fromEntries(names.map((name) => [name, path.join(root, 'buildpacks', name, 'main.ts')])),
    outdir: root,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  return new Map(outputFiles.map(({ path: file, contents }) => [path.parse(file).name, contents]))
}

/** The buildpacks as they are shipped: each bundled to one file beside its executables. */
export async function bundleBuildpacks(target: string): Promise<string> {
  bundled ??= bundlePrograms()
  for (const [name, program] of await bundled) {
    await cp(path.join(root, 'buildpacks', name, 'bin'), path.join(target, name, 'bin'), { recursive: true })
    for (const stub of await readdir(path.join(target, name, 'bin')))
      await chmod(path.join(target, name, 'bin', stub), 0o755)
    await writeFile(path.join(target, name, 'main.mjs'), program)
  }
  return target
}

/** The folders with the classic executables. */
function listBuildpacks(): string[] {
  const mains = globSync('*/main.ts', { cwd: path.join(root, 'buildpacks') })
  return mains.map((file) => path.dirname(file)).sort()
}

export interface Workshop extends Builds {
  readonly git: GitRepositories
  readonly directory: string
  readonly sandboxDescription: string
  /** All that was printed in the last build. */
  lastOutput: string
  request(sourceUrl: string, more?: Partial<BuildRequest>): BuildRequest
  /** As the desktop does: manifest, missing content, `manifest:` URL. */
  send(folder: string, appId: string): Promise<string>
}

/** Everything for a build on this machine, in a temporary folder. */
export async function openWorkshop(
  options: { layerDirectory?: string; limits?: Partial<SandboxLimits>; allowsOwnAddresses?: boolean } = {},
): Promise<Workshop> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'hearth-builds-'))
  const state = path.join(directory, 'state')
  await mkdir(state)
  const stacks = openLocalStacks({ directory: options.layerDirectory ?? path.join(state, 'layers'), registryUrl })
  const sandbox = await openProcessSandbox({ hiddenDirectories: [state] })
  const git = await openLocalGit(path.join(directory, 'git'))
  const builds = await createBuilds({
    stateDirectory: state,
    buildpackDirectory: await bundleBuildpacks(path.join(directory, 'buildpacks')),
    sandbox,
    stacks,
    commits: git,
    allowsOwnAddresses: options.allowsOwnAddresses ?? true,
    environment: machineEnvironment,
    limits: options.limits ?? {},
    log: () => {},
  })
  const workshop: Workshop = {
    ...builds,
    git,
    directory,
    sandboxDescription: sandbox.description,
    lastOutput: '',
    request(sourceUrl, more = {}) {
      workshop.lastOutput = ''
      return {
        id: randomUUID(),
        app: { id: randomUUID(), name: 'sample' },
        stack: 'local',
        sourceUrl,
        sourceChecksum: null,
        sourceVersion: 'abc123',
        buildpacks: [],
        pins: {},
        current: null,
        configVars: new Secret({}),
        output: (text) => {
          workshop.lastOutput += text
        },
        ...more,
      }
    },
    send: (folder, appId) => sendFolder(builds.sources, folder, appId),
    async close() {
      await builds.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
  return workshop
}
