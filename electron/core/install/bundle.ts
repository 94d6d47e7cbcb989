import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { ProgramVersion } from '../servers/agent-age.ts'

/** What is sent to a server: the agent as built, and the Node that runs it. */
export interface AgentBundle {
  /** Names the version's folder on the server: `0.1.0-1f2e3d4c5b6a`. */
  readonly version: string
  readonly files: readonly BundleFile[]
}

export interface BundleFile {
  /** Relative to the version's folder. */
  readonly path: string
  readonly source: string
  readonly sizeBytes: number
  readonly sha256: string
  readonly isExecutable: boolean
}

export interface BundlePlaces {
  /** dist/agent. */
  readonly agentFolder: string
  /** A Linux Node of the given architecture. */
  readonly nodeFor: (architecture: 'x64' | 'arm64') => string
}

const built = z.object({ version: z.string(), digest: z.string() })

export async function openBundle(places: BundlePlaces, architecture: 'x64' | 'arm64'): Promise<AgentBundle> {
  const { version, digest } = await readProgramVersion(places.agentFolder)
  const names = (await readdir(places.agentFolder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(places.agentFolder.length + 1))
    .filter((name) => !name.endsWith('.map') && !/^pty-.*\.node$/.test(name))
  const own = names.map((name) => ({ path: name, source: join(places.agentFolder, name) }))
  const foreign = [
    { path: 'pty.node', source: join(places.agentFolder, `pty-${architecture}.node`) },
    { path: 'node', source: places.nodeFor(architecture) },
  ]
  const files = await Promise.all([...own, ...foreign].map(describe))
  return { version: `${version}-${digest.slice(0, 12)}`, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) }
}

/** For `sha256sum --check` in the version's folder. */
export function renderChecksums(files: readonly BundleFile[]): string {
  return files.map(({ sha256, path }) => `${sha256}  ${path}\n`).join('')
}

/** What the build wrote beside the agent. */
export async function readProgramVersion(folder: string): Promise<ProgramVersion> {
  try {
    return built.parse(JSON.parse(await readFile(join(folder, 'version.json'), 'utf8')))
  } catch (cause) {
    throw new HearthError('internal', `There is no built agent in ${folder}. Run "npm run build".`, { cause })
  }
}

async function describe({ path, source }: { path: string; source: string }): Promise<BundleFile> {
  const found = await stat(source).catch((cause: unknown) => {
    throw new HearthError('internal', `${source} is missing: it is needed on the server as ${path}.`, { cause })
  })
  const hash = createHash('sha256')
  await pipeline(createReadStream(source), hash)
  const isExecutable = path === 'node' || (found.mode & 0o111) !== 0
  return { path, source, sizeBytes: found.size, sha256: hash.digest('hex'), isExecutable }
}
