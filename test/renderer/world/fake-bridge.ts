// A Bridge in memory: every call and stream of the contract over the fake world, with delays that show progress.
import type {
  AppSummary,
  Bridge,
  CallName,
  CallParameters,
  CallResult,
  Change,
  ErrorEnvelope,
} from '../../../electron/bridge/contract.ts'
import { fakeAccess, makePeople } from './fake-access.ts'
import { fakeClient } from './fake-client.ts'
import { fakeDeploys } from './fake-deploys.ts'
import { fakeDesktop } from './fake-desktop.ts'
import { fakeDomains } from './fake-domains.ts'
import { fakeLogHistory } from './fake-log-history.ts'
import { fakeMetrics } from './fake-metrics.ts'
import { fakeReleases } from './fake-releases.ts'
import { fakeStacks } from './fake-stacks.ts'
import { openFakeStream } from './fake-streams.ts'
import {
  addRelease,
  ago,
  type FakeApp,
  type FakeWorld,
  makeApp,
  makeFeatures,
  makeServer,
  syncDynos,
  uuid,
} from './fake-world.ts'

export type Calls = { [N in CallName]: (parameters: CallParameters<N>) => CallResult<N> | Promise<CallResult<N>> }

export interface FakeBridge extends Bridge {
  world: FakeWorld
  changed(topic: Change['topic'], app?: FakeApp): void
}

type Stacks = ReturnType<typeof fakeStacks>

export const fail = (id: string, message: string): ErrorEnvelope => ({ id, message, detail: `${id} at fake-bridge` })

export function makeFakeBridge(world: FakeWorld, latencyMs = 30): FakeBridge {
  const listeners = new Set<(change: Change) => void>()
  world.people = makePeople(world)
  const changed: FakeBridge['changed'] = (topic, app) => {
    for (const listener of listeners)
      listener({ topic, serverId: app?.serverId ?? null, appId: app?.app.id ?? null, step: null })
  }
  const fake: FakeBridge = {
    world,
    changed,
    call: async (name, parameters) => {
      await new Promise((resolve) => setTimeout(resolve, latencyMs))
      refuseWhileAway(world, name, parameters)
      const answer = calls[name] as (parameters: unknown) => unknown
      return structuredClone(await answer(parameters)) as never
    },
    open: (name, parameters) => openFakeStream(fake, listeners, name, parameters) as never,
  }
  const calls: Calls = {
    ...serverCalls(fake),
    ...appCalls(fake),
    ...partCalls(fake),
    ...fakeDesktop(fake),
    ...fakeDeploys(fake),
    ...fakeClient(fake),
    ...fakeAccess(fake),
    ...fakeMetrics(fake),
    ...fakeStacks(fake),
    ...fakeDomains(fake),
    ...fakeLogHistory,
  }
  return fake
}

/** What the server alone knows; the rest comes from the ledger while it is away. */
const known = /^(domains|certificates|features|httpsSettings|dynoSettings|repository|buildpacks)\./

function refuseWhileAway(world: FakeWorld, name: string, parameters: object): void {
  const server = 'serverId' in parameters && world.servers.find(({ id }) => id === parameters.serverId)
  if (server && server.connection.state !== 'online' && known.test(name))
    throw fail('unavailable', `${server.name} is not connected.`)
}

export function findApp(world: FakeWorld, { serverId, app }: { serverId: string; app: string }): FakeApp {
  const found = world.apps.find((each) => each.serverId === serverId && (each.app.name === app || each.app.id === app))
  if (!found) throw fail('not_found', `Couldn't find that app: ${app}.`)
  return found
}

export function summarize(world: FakeWorld, fake: FakeApp): AppSummary {
  const online = world.servers.find((server) => server.id === fake.serverId)?.connection.state === 'online'
  const count = (state: string) => fake.dynos.filter((dyno) => dyno.state === state).length
  const release = fake.releases.find((each) => each.release?.current)?.release ?? null
  return {
    serverId: fake.serverId,
    app: fake.app,
    online,
    url: release?.slug ? `http://${fake.app.name}.localhost:18080` : null,
    release,
    dynos: {
      up: count('up'),
      starting: count('starting'),
      crashed: count('crashed'),
      idle: count('idle'),
      wanted: fake.formation.reduce((sum, { quantity }) => sum + quantity, 0),
    },
  }
}

function serverCalls({ world, changed }: FakeBridge) {
  const find = (id: string) => {
    const found = world.servers.find((server) => server.id === id)
    if (!found) throw fail('not_found', `Couldn't find that server: ${id}.`)
    return found
  }
  return {
    'servers.list': () => world.servers,
    'servers.probe': ({ host, transport }) => ({
      fingerprint: 'SHA256:8m1Yw3kqv0YVbq0a8hJ3Zp0sT5d2Jm5mZl7c1uQe9xA',
      keyType: 'ssh-ed25519',
      known: 'new',
      transport: transport ?? (host === 'build-box' ? 'system' : 'ssh2'),
      reason:
        host === 'build-box' && !transport
          ? 'Your ssh configuration for build-box reaches it through jump.example.net (ProxyJump).'
          : null,
    }),
    'servers.add': ({ name, host, port, user, transport }) => {
      const added = {
        ...makeServer(name, 'ssh', { state: 'needs-install', reason: 'There is no agent on it yet.' }),
        host,
        port,
        user,
        transport,
        agent: null,
      }
      world.servers.push(added)
      changed('servers')
      return added
    },
    'servers.rename': ({ serverId, name }) => {
      const server = find(serverId)
      server.name = name
      changed('servers')
      return server
    },
    'servers.chooseTransport': ({ serverId, transport }) => {
      const server = find(serverId)
      server.transport = transport
      if (server.connection.state === 'needs-system-ssh') server.connection = { state: 'online', latencyMs: 31 }
      changed('servers')
      return server
    },
    'servers.restartRouter': ({ serverId }) => {
      const server = find(serverId)
      server.hasOldRouter = false
      changed('servers')
      return server
    },
    'servers.systemSsh': () => ({ isAvailable: true, reason: null }),
    'servers.remove': ({ serverId }) => {
      world.servers = world.servers.filter((server) => server.id !== serverId)
      changed('servers')
      return {}
    },
    'servers.reconnect': ({ serverId }) => find(serverId),
    'servers.trustHostKey': ({ serverId }) => find(serverId),
    'servers.status': ({ serverId }) => ({
      at: ago(0),
      memory: { total_bytes: 8_251_234_304, available_bytes: 5_361_234_304 },
      cpu: { cores: 4, load_1m: 0.62 },
      disk: { total_bytes: 80_530_636_800, free_bytes: 51_530_636_800, reserve_bytes: 4_294_967_296 },
      builds: { queued: 0, running: 1 },
      warnings: serverId === 'atlas' ? world.warnings : [],
      requests: { total: 1_284_221, in_flight: 3 },
      apps: world.apps
        .filter((app) => app.serverId === serverId && app.dynos.length > 0)
        .map(({ app: { id, name } }, at) => ({
          app: { id, name },
          requests: 184_211 >> (at * 3),
          in_flight: at === 0 ? 2 : 0,
          last_request_at: ago(at * 7),
        })),
      dynos: world.apps
        .filter((app) => app.serverId === serverId)
        .flatMap((app) =>
          app.dynos.map((dyno) => ({ app: { id: app.app.id, name: app.app.name }, ...statusOf(dyno) })),
        ),
    }),
    'servers.uninstall': () => ({}),
  } satisfies Partial<Calls> as Pick<Calls, Exclude<Extract<CallName, `servers.${string}`>, keyof Stacks>>
}

function statusOf(dyno: FakeApp['dynos'][number]) {
  const { name, state, reason, restarts, since, memory } = dyno
  return {
    name,
    state,
    reason,
    restarts,
    since,
    memory_bytes: state === 'up' ? memory : null,
    memory_limit_bytes: 536_870_912,
    cpu_seconds: 12.4,
  }
}

function appCalls({ world, changed }: FakeBridge) {
  return {
    'apps.list': ({ serverId }) =>
      world.apps.filter((app) => !serverId || app.serverId === serverId).map((app) => summarize(world, app)),
    'apps.get': (target) => summarize(world, findApp(world, target)),
    'apps.create': ({ serverId, name = 'quiet-ember-417' }) => {
      if (world.apps.some((app) => app.app.name === name))
        throw fail('invalid_params', `The name ${name} is taken on this server. Choose another.`)
      const app: FakeApp = {
        serverId,
        app: makeApp(name, serverId),
        formation: [],
        dynos: [],
        releases: [],
        configVars: {},
        domains: [],
        buildpacks: [],
        deployBranch: null,
        dynoSettings: { preboot: true, sleep_after_seconds: null, podman: false },
        https: { acm: false, https_only: false, hsts_seconds: null },
        certificates: [],
        features: makeFeatures(),
      }
      addRelease(app, 'Initial release', 0)
      world.apps.push(app)
      changed('apps', app)
      return summarize(world, app)
    },
    'apps.update': ({ update, ...target }) => {
      const app = findApp(world, target)
      if (update.name) app.app.name = update.name
      if (update.build_stack) app.app.build_stack.name = update.build_stack
      if (update.maintenance !== undefined) app.app.maintenance = update.maintenance
      changed('apps', app)
      return summarize(world, app)
    },
    'apps.destroy': (target) => {
      const app = findApp(world, target)
      world.apps = world.apps.filter((each) => each !== app)
      changed('apps', app)
      return {}
    },
    ...fakeReleases({ world, changed }),
  } satisfies Partial<Calls>
}

function partCalls(fake: FakeBridge) {
  const { world, changed } = fake
  const formationOf = (app: FakeApp) =>
    app.formation.map(({ type, command, quantity, size }) => ({
      app: { id: app.app.id, name: app.app.name },
      command,
      created_at: ago(900),
      dyno_size: { id: uuid(), name: size },
      id: uuid(),
      quantity,
      size,
      type,
      updated_at: ago(5),
    }))
  const repositoryOf = ({ deployBranch }: FakeApp) => ({
    deploy_branches: deployBranch === null ? ['main', 'master'] : [deployBranch],
    deploy_branch: deployBranch,
    size: 4_812_800,
    pushed_at: ago(240),
  })
  const buildpacksOf = (app: FakeApp) =>
    app.buildpacks.map((name, ordinal) => ({ ordinal, buildpack: { url: name, name } }))
  return {
    'formation.list': (target) => formationOf(findApp(world, target)),
    'formation.update': async ({ updates, ...target }) => {
      const app = findApp(world, target)
      for (const { type, quantity, size } of updates) {
        const part = app.formation.find((each) => each.type === type)
        if (part && quantity !== undefined) part.quantity = Number(quantity)
        if (part && size) part.size = size
      }
      syncDynos(app)
      for (const dyno of app.dynos) if (Date.now() - Date.parse(dyno.since) < 1000) dyno.state = 'starting'
      changed('dynos', app)
      setTimeout(() => {
        for (const dyno of app.dynos) if (dyno.state === 'starting') dyno.state = 'up'
        changed('dynos', app)
      }, 1500)
      await new Promise((resolve) => setTimeout(resolve, 400))
      return formationOf(app)
    },
    'dynoSizes.list': () =>
      [
        ['standard-1x', 0.5, 1],
        ['standard-2x', 1, 2],
        ['performance-m', 2.5, 11],
      ].map(([name, memory, compute]) => ({
        architecture: 'x86_64',
        compute: Number(compute),
        cost: null,
        dedicated: false,
        precise_dyno_units: 1,
        generation: { id: uuid(), name: 'cedar' as const },
        id: uuid(),
        memory: Number(memory),
        name: String(name),
        private_space_only: false,
      })),
    'dynos.list': (target) => {
      const app = findApp(world, target)
      return app.dynos.map((each) => ({
        dyno: {
          attach_url: null,
          command: app.formation.find(({ type }) => type === each.type)?.command ?? '',
          created_at: each.since,
          id: uuid(),
          name: each.name,
          release: { id: uuid(), version: app.releases.length },
          app: { id: app.app.id, name: app.app.name },
          size: 'standard-1x',
          state: each.state,
          type: each.type,
          updated_at: each.since,
        },
        status: statusOf(each),
      }))
    },
    'dynos.restart': ({ dyno, type, ...target }) => {
      const app = findApp(world, target)
      for (const each of app.dynos)
        if ((!dyno || each.name === dyno) && (!type || each.type === type))
          Object.assign(each, { state: 'starting', reason: null, since: ago(0) })
      changed('dynos', app)
      setTimeout(() => {
        for (const each of app.dynos) each.state = 'up'
        changed('dynos', app)
      }, 1500)
      return {}
    },
    'dynos.stop': () => ({}),
    'configVars.get': (target) => findApp(world, target).configVars,
    'configVars.update': ({ update, ...target }) => {
      const app = findApp(world, target)
      for (const [name, value] of Object.entries(update))
        if (value === null) delete app.configVars[name]
        else app.configVars[name] = value
      addRelease(app, `Set ${Object.keys(update).join(', ')} config vars`, 0)
      changed('releases', app)
      return app.configVars
    },
    'buildpacks.list': (target) => buildpacksOf(findApp(world, target)),
    'buildpacks.update': ({ buildpacks, ...target }) => {
      const app = findApp(world, target)
      app.buildpacks = buildpacks
      changed('buildpacks', app)
      return buildpacksOf(app)
    },
    'dynoSettings.get': (target) => findApp(world, target).dynoSettings,
    'dynoSettings.update': ({ update, ...target }) => {
      const app = findApp(world, target)
      const { preboot = app.dynoSettings.preboot, podman = app.dynoSettings.podman } = update
      const { sleep_after_seconds = app.dynoSettings.sleep_after_seconds } = update
      app.dynoSettings = { preboot, sleep_after_seconds, podman }
      changed('apps', app)
      return app.dynoSettings
    },
    'features.list': (target) => findApp(world, target).features,
    'features.update': ({ name, isOn, ...target }) => {
      const app = findApp(world, target)
      for (const feature of app.features) if (feature.name === name) feature.enabled = isOn
      changed('apps', app)
      return app.features
    },
    'repository.get': (target) => repositoryOf(findApp(world, target)),
    'repository.update': ({ update, ...target }) => {
      const app = findApp(world, target)
      app.deployBranch = update.deploy_branch
      changed('apps', app)
      return repositoryOf(app)
    },
  } satisfies Partial<Calls>
}
