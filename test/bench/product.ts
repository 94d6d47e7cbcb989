// The product's own desktop side over a server: installed on a fresh test server, or this computer's.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openAgent } from '../../electron/agent-client/open-agent.ts'
import { openDoor } from '../../electron/agent-client/open-door.ts'
import { Changes } from '../../electron/core/changes.ts'
import { DeployRunner } from '../../electron/core/deploy/deploy.ts'
import type { Deploy } from '../../electron/core/deploy/deploy-state.ts'
import { linkEmbedded } from '../../electron/core/embedded/embedded-link.ts'
import { EmbeddedServer } from '../../electron/core/embedded/embedded-server.ts'
import { FolderHashes } from '../../electron/core/folder/folder-hash.ts'
import type { Agent } from '../../electron/core/ports/agent.ts'
import { watchServer } from '../../electron/core/servers/watch-server.ts'
import { startProgram } from '../../electron/exec/program.ts'
import { buildAgent, openTestDesktop } from '../server/install/install-desktop.ts'
import { bootServer, type Server } from '../servers/index.ts'
import type { BenchContext } from './figures/benchmark.ts'

export interface Product {
  readonly agent: Agent
  /** Deploys as the desktop does; throws when that fails. */
  deploy(app: string, folder: string): Promise<Deploy>
}

export interface Installed extends Product {
  readonly server: Server
  readonly installS: number
}

/** Over SSH, through the agent that the product installed. */
export async function openInstalled({ say, onEnd }: BenchContext): Promise<Installed> {
  const server = await bootServer()
  onEnd(() => server.destroy())
  const desktop = await openTestDesktop(server)
  onEnd(() => desktop[Symbol.asyncDispose]())
  say('installing Hearth on a fresh test server')
  const started = performance.now()
  await desktop.install()
  const installS = (performance.now() - started) / 1000
  const linked = await desktop.connect()
  onEnd(() => linked.close())
  return { ...(await openProduct(linked.agent, onEnd)), server, installS }
}

export async function openEmbedded({ onEnd }: BenchContext): Promise<Product> {
  const directory = await mkdtemp(path.join(tmpdir(), 'hearth-bench-'))
  onEnd(() => rm(directory, { recursive: true, force: true }))
  const agentBundle = path.join(buildAgent(), 'agent.mjs')
  const link = linkEmbedded(
    () => EmbeddedServer.open({ directory, nodeProgram: process.execPath, agentBundle, startProgram }),
    { openAgent, openDoor },
  )
  const linked = await link.connect(new AbortController().signal)
  onEnd(() => link.close())
  onEnd(() => linked.close())
  return openProduct(linked.agent, onEnd)
}

export async function openProduct(agent: Agent, onEnd: BenchContext['onEnd']): Promise<Product> {
  const directory = await mkdtemp(path.join(tmpdir(), 'hearth-bench-'))
  onEnd(() => rm(directory, { recursive: true, force: true }))
  const changes = new Changes()
  const stop = new AbortController()
  onEnd(() => stop.abort())
  const serverId = 'bench'
  const onError = (message: string, error: unknown) => console.error(message, error)
  const ledger = { sync: async () => false }
  void watchServer({ serverId, agent, ledger, changes, signal: stop.signal, onError })
  const servers = { names: () => [{ id: serverId, name: serverId, isOnline: true }], agent: () => agent }
  const hashes = new FolderHashes(path.join(directory, 'hashes'))
  const deploys = new DeployRunner({ servers, changes, hashes, urlOf: () => null, onError })
  onEnd(() => deploys.close())
  return {
    agent,
    async deploy(app, folder) {
      const { id } = deploys.start({ serverId, app, openSource: async () => ({ path: folder }) })
      const ended = await deploys.finished(id)
      if (ended.state !== 'succeeded') throw new Error(ended.error ?? `The deploy ended as ${ended.state}.`)
      return ended
    },
  }
}
