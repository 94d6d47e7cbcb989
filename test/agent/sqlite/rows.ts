import type { AppRow, BuildRow, DynoRow, ReleaseRow, SlugRow } from '../../../agent/core/ports/store.ts'

// One valid row of each kind; a test names only what it is about.
const at = '2026-01-01T00:00:00.000Z'
const user = { id: '00000000-0000-4000-8000-000000000001', email: 'ann@laptop' }

export const someId = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

export const appRow = (change: Partial<AppRow> = {}): AppRow => ({
  id: someId(100),
  name: 'shop',
  owner: user,
  stack: 'debian-12',
  maintenance: false,
  preboot: true,
  podman: false,
  sleepAfterSeconds: null,
  acm: false,
  httpsOnly: false,
  hstsSeconds: null,
  keepAliveToDynos: true,
  endToEndContinue: false,
  sessionAffinity: false,
  logRuntimeMetrics: false,
  createdAt: at,
  updatedAt: at,
  ...change,
})

export const slugRow = (change: Partial<SlugRow> = {}): SlugRow => ({
  id: someId(200),
  appId: someId(100),
  checksum: 'SHA256:00',
  stack: 'debian-12',
  layers: [{ provider: 'node 24.21.0', digest: 'ab' }],
  processTypes: { web: 'npm start' },
  sizeBytes: 10,
  commit: 'abc',
  commitDescription: null,
  description: 'Node.js',
  reports: [{ buildpack: 'hearth/node', facts: { node_version: '24.21.0' } }],
  images: [],
  createdAt: at,
  ...change,
})

export const releaseRow = (change: Partial<ReleaseRow> = {}): ReleaseRow => ({
  id: someId(300),
  appId: someId(100),
  version: 1,
  description: 'Initial release',
  user,
  slugId: null,
  slugChecksum: null,
  commit: null,
  configDigest: '0'.repeat(64),
  configSalt: 'salt',
  previousHash: '0'.repeat(64),
  hash: '1'.repeat(64),
  signature: 'c2ln',
  createdAt: at,
  status: 'pending',
  reason: null,
  switchedAt: null,
  outputId: null,
  updatedAt: at,
  ...change,
})

export const dynoRow = (change: Partial<DynoRow> = {}): DynoRow => ({
  id: someId(400),
  appId: someId(100),
  releaseId: someId(300),
  name: 'web.1',
  type: 'web',
  command: 'npm start',
  size: 'standard',
  kind: 'formation',
  state: 'up',
  reason: null,
  restarts: 0,
  lastCrash: null,
  address: { host: '127.0.0.1', port: 5000 },
  isLeaving: false,
  isAttached: false,
  expiresAt: null,
  startedUptimeMs: 1000,
  createdAt: at,
  updatedAt: at,
  ...change,
})

export const buildRow = (change: Partial<BuildRow> = {}): BuildRow => ({
  id: someId(500),
  appId: someId(100),
  user: { ...user, keyId: '0123456789abcdef' },
  sourceUrl: 'manifest:x',
  sourceChecksum: null,
  sourceVersion: 'abc',
  sourceDescription: null,
  buildpacks: ['hearth/node'],
  stack: 'debian-12',
  status: 'pending',
  isRunning: false,
  slugId: null,
  releaseId: null,
  outputId: someId(600),
  createdAt: at,
  updatedAt: at,
  ...change,
})
