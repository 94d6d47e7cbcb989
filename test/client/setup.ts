// vitest's global setup of the project `client`: everything that a user has, with real programs. Hearth on a server, a
// desktop that knows it, `hearth gateway`, and the stock clients from npm.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { TestProject } from 'vitest/node'
import { runNode } from '../e2e/run-hearth.ts'
import { bootInstalledServer, openTestDesktop } from '../server/hearth-server.ts'
import { root } from '../tooling/repository.ts'
import type { ClientWorld } from './client-world.ts'
import { type ClientVersion, clientVersions, installClient } from './install-client.ts'
import { judgeOutcomes } from './outcomes.ts'

const program = path.join(root, 'dist/electron/cli.js')

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const made = new AsyncDisposableStack()
  try {
    const world = await makeWorld(made)
    project.provide('world', world)
    return async () => {
      await made.disposeAsync().finally(() => judgeOutcomes(world.outcomes))
    }
  } catch (error) {
    await made.disposeAsync()
    throw error
  }
}

export async function makeWorld(made: AsyncDisposableStack): Promise<ClientWorld> {
  const installing = installAll()
  installing.catch(() => {}) // It is told below, after what else may have failed.
  const server = made.use(await bootInstalledServer())
  const desktop = await openTestDesktop(server)
  await desktop.close()
  const { home } = desktop
  made.defer(() => rm(home, { recursive: true, force: true }))
  const outcomes = await mkdtemp(path.join(tmpdir(), 'hearth-outcomes-'))
  const programs = await installing
  const port = await startGateway(made, home, server.name)
  return { home, server: server.name, port, programs, outcomes }
}

async function installAll(): Promise<ClientWorld['programs']> {
  const folders = await Promise.all(clientVersions.map(async (version) => [version, await installClient(version)]))
  return Object.fromEntries(folders) as Record<ClientVersion, string>
}

interface Served {
  name: string
  url: string
  isServedHere: boolean
}

/** `hearth gateway` as its user leaves it running in a terminal. */
async function startGateway(made: AsyncDisposableStack, home: string, server: string): Promise<number> {
  const built = await runNode(home, [path.join(root, 'esbuild.config.ts'), '--if-stale', '--core'])
  if (built.code !== 0) throw new Error(built.stderr)
  const child = spawn(process.execPath, [program, 'gateway', '--json'], {
    env: { ...process.env, HEARTH_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (bytes: Buffer) => (complaints += bytes))
  const ended = once(child, 'close')
  made.defer(async () => {
    child.kill('SIGINT')
    await ended
  })
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(() => null)])
  if (!line) throw new Error(`hearth gateway ended: ${complaints}`)
  const found = (JSON.parse(line[0]) as Served[]).find(({ name }) => name === server)
  if (!found?.isServedHere) throw new Error(`hearth gateway does not serve ${server}: ${line[0]}`)
  return Number(new URL(found.url).port)
}
