// A test server with the systemd adapter in it, and the programs that the adapter uses.
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build, type Plugin } from 'esbuild'
import { bootServer, prepareImage, type Server } from '../../servers/server.ts'
import type { Suite } from '../../servers/suites.ts'

const packages = ['nftables', 'iproute2', 'passwd', 'podman', 'crun']

/** Boots a machine that can run `inside.ts` by `runInside`. */
export async function bootDynoServer(suite: Suite = 'bookworm'): Promise<Server> {
  const image = await prepareImage(`dynos-podman-${suite}`, { suite }, async (server) => {
    await server.exec(['apt-get', 'update', '-qq'])
    await server.exec(['apt-get', 'install', '-qq', '-y', '--no-install-recommends', ...packages])
  })
  const server = await bootServer({ image })
  await prepareInside(server)
  const built = await buildInside()
  try {
    for (const name of ['inside.mjs', 'pty.node'])
      await copyFile(path.join(built, name), server.path(`/var/lib/hearth/${name}`))
  } finally {
    await rm(built, { recursive: true })
  }
  await copyFile(process.execPath, server.path('/var/lib/hearth/node'))
  return server
}

/** The machine's own root serves as the stack, without what is mounted on it. To be done again after a reboot. */
export async function prepareInside(server: Server): Promise<void> {
  await server.exec(['sh', '-c', 'mkdir -p /var/lib/hearth/stack && mount --bind / /var/lib/hearth/stack'])
}

/** The lines of JSON that a command of `inside.ts` prints. */
export async function runInside<T>(server: Server, ...command: string[]): Promise<T[]> {
  const { stdout } = await server.exec(insideCommand(...command))
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T)
}

export const insideCommand = (...command: string[]) => [
  '/var/lib/hearth/node',
  '/var/lib/hearth/inside.mjs',
  ...command,
]

async function buildInside(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-inside-'))
  await build({
    entryPoints: [path.join(import.meta.dirname, 'inside.ts')],
    outfile: path.join(folder, 'inside.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['x11'],
    banner: {
      js: "import { createRequire } from 'node:module'\nglobalThis.require ??= createRequire(import.meta.url)",
    },
    plugins: [ptyBeside],
    logLevel: 'warning',
  })
  const require = createRequire(import.meta.url)
  await copyFile(require.resolve(`@lydell/node-pty-linux-${process.arch}/pty.node`), path.join(folder, 'pty.node'))
  return folder
}

const ptyBeside: Plugin = {
  name: 'pty-beside',
  setup(builder) {
    const contents = `export const requireBinary = () => globalThis.require(new URL('./pty.node', import.meta.url).pathname)`
    builder.onLoad({ filter: /node-pty[\\/]requireBinary\.js$/ }, () => ({ loader: 'js', contents }))
  },
}
