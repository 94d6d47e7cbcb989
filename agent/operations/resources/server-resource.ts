import type { Account } from '../../contract/access/account.ts'
import type { Generation } from '../../contract/apps/generation.ts'
import { protocolVersion } from '../../contract/protocol.ts'
import type { Region } from '../../contract/server/region.ts'
import type { Server, ServerStatus } from '../../contract/server/server.ts'
import type { Stack } from '../../contract/server/stack.ts'
import type { RoutedAppStatus } from '../../core/ports/routing/router-control.ts'
import type { Actor, AppRow } from '../../core/ports/store.ts'
import { type Context, timestamp } from '../context.ts'
import { generation } from './app-resource.ts'
import { dynoStatus } from './dyno-resource.ts'

export async function serverResource({ defaultNames, machine, router, runner, signer }: Context): Promise<Server> {
  const { facts } = machine
  const routed = await router.status().catch(() => null)
  return {
    id: facts.id,
    name: facts.name,
    version: facts.version,
    digest: facts.digest,
    protocol: protocolVersion,
    operating_system: facts.operatingSystem,
    architecture: facts.architecture,
    runner: facts.runner,
    sandbox: runner.sandbox,
    stack: facts.stacks[0].name,
    public_key: signer.publicKey,
    started_at: facts.startedAt,
    router: {
      state: routed ? 'up' : 'down',
      ...facts.router,
      names: [...defaultNames.templates()],
      version: routed?.version ?? null,
      digest: routed?.digest ?? null,
    },
  }
}

export async function serverStatusResource(context: Context): Promise<ServerStatus> {
  const { machine, router, builds, store } = context
  const [figures, routed] = await Promise.all([machine.measure(), router.status().catch(() => null)])
  const rows = store.dynos.listAll().filter(({ isLeaving }) => !isLeaving)
  const dynos = rows.map(async (row) => {
    const app = store.apps.byId(row.appId)
    return { app: { id: row.appId, name: app?.name ?? '' }, ...(await dynoStatus(context, row)) }
  })
  return {
    at: timestamp(context),
    memory: { total_bytes: figures.memory.totalBytes, available_bytes: figures.memory.availableBytes },
    cpu: { cores: figures.cpu.cores, load_1m: figures.cpu.load1m },
    disk: {
      total_bytes: figures.disk.totalBytes,
      free_bytes: figures.disk.freeBytes,
      reserve_bytes: figures.disk.reserveBytes,
      problem: figures.disk.problem,
    },
    warnings: [...context.warning.sentences()],
    builds: { queued: builds.queued, running: builds.running },
    apps: routed?.apps.flatMap((traffic) => {
      const app = store.apps.byId(traffic.id)
      return app ? [trafficOf(app, traffic)] : []
    }),
    requests: {
      total: routed?.requests ?? 0,
      in_flight: routed?.apps.reduce((sum, { inFlight }) => sum + inFlight, 0) ?? 0,
    },
    dynos: await Promise.all(dynos),
  }
}

function trafficOf({ id, name }: AppRow, { requests, inFlight, lastRequestAtMs }: RoutedAppStatus) {
  const last_request_at = lastRequestAtMs === null ? null : new Date(lastRequestAtMs).toISOString()
  return { app: { id, name }, requests, in_flight: inFlight, last_request_at }
}

export function stackResources({ machine }: Context): Stack[] {
  const { stacks, startedAt } = machine.facts
  return stacks.map((stack, index) => ({
    default: index === 0,
    created_at: startedAt,
    ...stack,
    state: 'public',
    updated_at: startedAt,
  }))
}

export function generationResources({ machine }: Context): Generation[] {
  const { startedAt } = machine.facts
  return [{ created_at: startedAt, ...generation, updated_at: startedAt }]
}

export function regionResources({ machine }: Context): Region[] {
  const { id, name, startedAt, operatingSystem } = machine.facts
  return [
    {
      country: '',
      created_at: startedAt,
      description: operatingSystem,
      id,
      locale: '',
      name,
      private_capable: false,
      provider: { name: 'hearth', region: name },
      updated_at: startedAt,
    },
  ]
}

export function accountResource({ machine, store }: Context, actor: Actor): Account {
  const { startedAt } = machine.facts
  const own = store.accounts.byId(actor.id)
  return {
    allow_tracking: false,
    beta: false,
    created_at: startedAt,
    email: actor.email,
    federated: false,
    id: actor.id,
    identity_provider: null,
    last_login: null,
    name: own?.name ?? null,
    sms_number: null,
    suspended_at: null,
    delinquent_at: null,
    two_factor_authentication: false,
    updated_at: own?.updatedAt ?? startedAt,
    verified: true,
    country_of_residence: null,
    default_organization: null,
    default_team: null,
  }
}
