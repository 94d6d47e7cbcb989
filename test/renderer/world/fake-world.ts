// A believable world for the screens: two machines and one that is away, apps in all states, and a history.
import type { DynoSettings } from '../../../agent/contract/dynos/dyno-settings.ts'
import type { ServerPodman } from '../../../agent/contract/server/server-podman.ts'
import type {
  AppSummary,
  Certificate,
  Deploy,
  Feature,
  HttpsSettings,
  LedgerRelease,
  Person,
  Presentation,
  Role,
  Server,
  Settings,
  ShellEvent,
} from '../../../electron/bridge/contract.ts'

type App = AppSummary['app']
type Release = NonNullable<AppSummary['release']>

let counter = 0
export const uuid = (): string => `00000000-0000-4000-8000-${String(++counter).padStart(12, '0')}`
export const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()
const hex = (length: number, seed: number): string =>
  Array.from({ length }, (_, at) => ((seed * 7919 + at * 104_729 + ((at * seed) % 13)) % 16).toString(16)).join('')

export interface FakeDyno {
  name: string
  type: string
  state: 'starting' | 'up' | 'idle' | 'crashed' | 'down'
  reason: string | null
  restarts: number
  since: string
  memory: number
}

export interface FakeApp {
  serverId: string
  app: App
  formation: { type: string; command: string; quantity: number; size: string }[]
  dynos: FakeDyno[]
  releases: LedgerRelease[]
  configVars: Record<string, string>
  domains: string[]
  buildpacks: string[]
  deployBranch: string | null
  dynoSettings: DynoSettings
  https: HttpsSettings
  certificates: Certificate[]
  features: Feature[]
}

export interface FakeWorld {
  servers: Server[]
  /** Of all of them. */
  podman: ServerPodman
  apps: FakeApp[]
  deploys: Deploy[]
  theme: 'system' | 'light' | 'dark'
  fontSize: number
  uploads: Map<string, number>
  /** What atlas warns of. */
  warnings: string[]
  /** Nobody has recorded anything over time yet. */
  isUnrecorded: boolean
  /** The menu and the tray that the window last asked for. */
  presented: Presentation | null
  /** As the shell would; set while the window listens. */
  tellWindow: (event: ShellEvent) => void
  /** What is on or off in the settings. */
  switches: Omit<Settings, 'theme' | 'terminalFontSize' | 'pinnedApps'>
  pinnedApps: { serverId: string; appId: string }[]
  /** Whom atlas knows. */
  people: Person[]
  /** Of whoever looks, on its apps. */
  role: Role
  /** How long deploys take: 1 is what a user would see. */
  pace: number
  openedLinks: string[]
}

const user = { id: uuid(), email: 'ada@workbench' }

export function makeServer(name: string, kind: Server['kind'], connection: Server['connection']): Server {
  const isEmbedded = kind === 'embedded'
  return {
    id: isEmbedded ? 'this-computer' : name,
    name: isEmbedded ? 'This computer' : name,
    kind,
    host: isEmbedded ? '127.0.0.1' : `${name}.example.net`,
    port: 22,
    user: isEmbedded ? '' : 'hearth',
    transport: isEmbedded ? null : 'ssh2',
    login: null,
    age: isEmbedded ? null : 'current',
    hasOldRouter: false,
    connection,
    agent: {
      id: uuid(),
      name,
      version: '0.1.0',
      protocol: 1,
      operating_system: 'Debian GNU/Linux 12 (bookworm)',
      architecture: 'x64',
      runner: isEmbedded ? 'process' : 'systemd',
      sandbox: isEmbedded ? 'user namespaces' : 'systemd sandbox',
      stack: isEmbedded ? 'local' : 'debian-12',
      public_key: 'MCowBQYDK2VwAyEA7d1m0f4yH6r0o4bqk2bS3q1t0Yl0pJ0lX9h2p5oK3cE=',
      started_at: ago(60 * 24 * 6),
      router: {
        state: 'up',
        host: isEmbedded ? '127.0.0.1' : `${name}.example.net`,
        port: isEmbedded ? 18080 : 80,
        socket: '/run/hearth/router.sock',
        names: [isEmbedded ? '{app}.localhost' : '{app}.203-0-113-5.sslip.io'],
      },
    },
  }
}

export function makeApp(name: string, serverId: string): App {
  return {
    acm: false,
    archived_at: null,
    buildpack_provided_description: 'Node.js',
    build_stack: { id: uuid(), name: 'debian-12' },
    create_status: 'complete',
    created_at: ago(60 * 24 * 40),
    generation: { id: uuid(), name: 'cedar' },
    git_url: `ssh://hearth@${serverId}/${name}.git`,
    id: uuid(),
    internal_routing: null,
    maintenance: false,
    name,
    owner: user,
    organization: null,
    team: null,
    region: { id: uuid(), name: serverId },
    released_at: null,
    repo_size: null,
    slug_size: 24_117_248,
    space: null,
    stack: { id: uuid(), name: 'debian-12' },
    updated_at: ago(5),
    web_url: null,
  }
}

export function addRelease(to: FakeApp, description: string, minutesAgo: number, repeats?: number): LedgerRelease {
  const version = to.releases.length + 1
  const previous = to.releases.at(-1)
  const old = repeats ? to.releases[repeats - 1] : undefined
  const [, deployed] = /^Deploy (\w+)$/.exec(description) ?? []
  const rest = hex(40, version + to.app.name.length)
  const commit = old ? old.commit : deployed ? `${deployed}${rest}`.slice(0, 40) : (previous?.commit ?? null)
  const created = ago(minutesAgo)
  const release: Release = {
    addon_plan_names: [],
    artifacts: [],
    app: { id: to.app.id, name: to.app.name },
    created_at: created,
    description,
    id: uuid(),
    updated_at: created,
    slug: commit ? { id: uuid() } : null,
    status: 'succeeded',
    user,
    version,
    current: true,
    output_stream_url: null,
    eligible_for_rollback: commit !== null,
  }
  for (const each of to.releases) if (each.release) each.release.current = false
  const link: LedgerRelease = {
    serverId: to.serverId,
    serverName: to.serverId,
    appId: to.app.id,
    appName: to.app.name,
    version,
    description,
    user: user.email,
    createdAt: created,
    commit,
    slugChecksum: commit ? hex(64, version * 3) : null,
    hash: hex(64, version * 17 + to.app.name.length),
    verified: true,
    release,
    notes: [],
    reason: null,
    rollbackObstacle: commit === null ? 'it has no code to run' : null,
  }
  to.releases.push(link)
  to.app.released_at = created
  return link
}

/** A release that was pushed. */
export function addPush(to: FakeApp, description: string, minutesAgo: number, subject: string): void {
  const made = addRelease(to, description, minutesAgo)
  made.source = { kind: 'git', version: made.commit, description: subject }
}

/** The newest release did not take effect: the one before it still serves. */
export function failNewest(of: FakeApp, reason: string): void {
  const [before, failed] = of.releases.slice(-2)
  if (!before?.release || !failed?.release) return
  Object.assign(failed.release, { status: 'failed', current: false, eligible_for_rollback: false })
  Object.assign(failed, { reason, rollbackObstacle: 'it failed' })
  before.release.current = true
}

export function syncDynos(app: FakeApp): void {
  const wanted = app.formation.flatMap(({ type, quantity }) =>
    Array.from({ length: quantity }, (_, at) => `${type}.${at + 1}`),
  )
  app.dynos = wanted.map(
    (name, at) =>
      app.dynos.find((dyno) => dyno.name === name) ?? {
        name,
        type: name.split('.')[0] ?? 'web',
        state: 'up',
        reason: null,
        restarts: 0,
        since: ago(0),
        memory: 61_000_000 + at * 4_300_000,
      },
  )
}

export function fakeApp(name: string, serverId: string, formation: FakeApp['formation']): FakeApp {
  const made: FakeApp = {
    serverId,
    app: makeApp(name, serverId),
    formation,
    dynos: [],
    releases: [],
    configVars: {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://shop:s3cr3t@10.0.0.4/shop',
      SESSION_SECRET: 'b1946ac92492d2347c6235b4d2611184',
    },
    domains: [],
    buildpacks: [],
    deployBranch: null,
    dynoSettings: { preboot: true, sleep_after_seconds: null, podman: false },
    https: { acm: false, https_only: false, hsts_seconds: null },
    certificates: [],
    features: makeFeatures(),
  }
  syncDynos(made)
  for (const dyno of made.dynos) dyno.since = ago(190)
  return made
}

export function makeFeatures(): Feature[] {
  const make = (name: string, display_name: string, description: string, state: Feature['state']): Feature => ({
    ...{ id: uuid(), name, display_name, description, state, enabled: false, doc_url: '', feedback_email: '' },
    ...{ created_at: ago(900), updated_at: ago(900) },
  })
  const beta = 'Each request gets a connection of its own to its dyno, for servers that close kept ones at bad moments'
  return [
    make('preboot', 'Preboot', 'New web dynos must listen before the old ones stop getting requests', 'general'),
    make(
      'http-session-affinity',
      'Session affinity',
      'By a cookie, visitors come back to the dyno that they had',
      'general',
    ),
    make('log-runtime-metrics', 'Runtime metrics in the log', 'Every 20 seconds what each dyno uses', 'beta'),
    make('http-disable-keepalive-to-dyno', 'No keep-alive to dynos', beta, 'beta'),
  ]
}

export function makeWorld(isFirstRun = false): FakeWorld {
  const servers = [makeServer('this-computer', 'embedded', { state: 'online', latencyMs: 1 })]
  const world: FakeWorld = {
    ...{ servers, apps: [], deploys: [], people: [] },
    podman: { state: 'ready', version: '4.3', problem: null, output: null },
    ...{
      pinnedApps: [],
      isUnrecorded: false,
      warnings: [],
      presented: null,
      tellWindow: () => undefined,
      switches: { singleKeys: true, notifiesEnds: true, showsTray: false, paneRows: [] },
    },
    ...{ theme: 'system', fontSize: 12, uploads: new Map(), role: 'manage', pace: 1, openedLinks: [] },
  }
  if (isFirstRun) return world
  servers.push(
    makeServer('atlas', 'ssh', { state: 'online', latencyMs: 14 }),
    makeServer('cellar', 'ssh', {
      state: 'offline',
      reason:
        'cellar.example.net does not answer on port 22. Check that it is switched on and that you are on its network.',
      retryAt: Date.now() + 22_000,
    }),
  )
  const shop = fakeApp('corner-shop', 'atlas', [
    { type: 'web', command: 'node server.js', quantity: 3, size: 'standard-1x' },
    { type: 'worker', command: 'node worker.js --queue orders', quantity: 1, size: 'standard-2x' },
    { type: 'clock', command: 'node clock.js', quantity: 0, size: 'standard-1x' },
  ])
  addRelease(shop, 'Initial release', 60 * 24 * 12)
  addRelease(shop, 'Deploy 3f9c1a2', 60 * 24 * 12 - 2)
  addRelease(shop, 'Set DATABASE_URL, SESSION_SECRET config vars', 60 * 24 * 8)
  addRelease(shop, 'Deploy b02d77e', 60 * 26)
  addRelease(shop, 'Rollback to v2', 60 * 25, 2)
  addPush(shop, 'Deploy 77e10fa', 240, 'Round prices in the cart as the invoice does')
  failNewest(
    shop,
    'The release command "node migrate.js" ended with status 1: column "total" of relation "orders" does not exist.',
  )
  addRelease(shop, 'Deploy 9a41c0d', 190)
  shop.releases[3]?.notes.push({ text: 'Went live for the harvest market; watch the worker.', writtenAt: ago(60 * 25) })
  shop.domains = ['shop.example.com', 'www.shop.example.com']
  const blog = fakeApp('field-notes', 'this-computer', [
    { type: 'web', command: 'npm start', quantity: 1, size: 'standard-1x' },
  ])
  addRelease(blog, 'Initial release', 900)
  addRelease(blog, 'Deploy 71ee0b4', 880)
  const api = fakeApp('weather-api', 'atlas', [{ type: 'web', command: 'npm start', quantity: 2, size: 'standard-1x' }])
  addRelease(api, 'Initial release', 5000)
  addRelease(api, 'Deploy 0d3c9f1', 40)
  Object.assign(api.dynos[1] ?? {}, {
    state: 'crashed',
    reason: 'exited with status 1; next start in 20 s',
    restarts: 4,
    since: ago(1),
  })
  const wiki = fakeApp('home-wiki', 'cellar', [{ type: 'web', command: 'npm start', quantity: 1, size: 'standard-1x' }])
  addRelease(wiki, 'Initial release', 90_000)
  addRelease(wiki, 'Deploy 55ab310', 80_000)
  world.apps.push(shop, api, blog, wiki)
  world.pinnedApps = [shop, wiki].map(({ serverId, app }) => ({ serverId, appId: app.id }))
  return world
}
