import type { AppMetrics, MetricsSpan } from '../../../electron/bridge/contract.ts'
import { type Calls, type FakeBridge, fail, findApp } from './fake-bridge.ts'
import type { FakeApp, FakeWorld } from './fake-world.ts'

const shapes: Record<MetricsSpan, { steps: number; seconds: number }> = {
  '1h': { steps: 360, seconds: 10 },
  '24h': { steps: 720, seconds: 120 },
  '7d': { steps: 672, seconds: 900 },
}

/** Always the same for the same place, so that pictures can be compared. */
const noise = (seed: number): number => {
  const value = Math.sin(seed * 12.9898) * 43_758.5453
  return value - Math.floor(value)
}

const mebibyte = 1024 ** 2

/** Believable figures over time: a day with a busy evening, one bad quarter of an hour, and an agent that was away. */
export function fakeMetrics({ world }: FakeBridge) {
  const requireNews = (serverId: string) => {
    const server = world.servers.find(({ id }) => id === serverId)
    if (server?.connection.state !== 'online') throw fail('unavailable', `${server?.name} is not connected.`)
    if (server.age === 'outdated') throw fail('not_found', 'GET /server/metrics/1h: there is nothing.')
  }
  const requireWholeServer = (serverId: string) => {
    if (world.role !== 'manage' && serverId !== 'this-computer') throw fail('forbidden', 'That takes the role view.')
  }
  return {
    'metrics.app': ({ span, ...target }) => {
      requireNews(target.serverId)
      const app = findApp(world, target)
      return asRecorded(world, { ...trafficOf(span, loadOf(app)), dynos: dynosOf(app, span) })
    },
    'metrics.server': ({ serverId, span }) => {
      requireNews(serverId)
      requireWholeServer(serverId)
      const load = world.apps.filter((app) => app.serverId === serverId).reduce((sum, app) => sum + loadOf(app), 0)
      const at = (from: number, swing: number) => series(span, (step) => from + swing * wave(span, step))
      return asRecorded(world, {
        ...trafficOf(span, load),
        memory: { total_bytes: 8192 * mebibyte, used_bytes: at(2100 * mebibyte, 900 * mebibyte).map(whole) },
        cpu: { cores: 4, used: at(0.2, 1.1) },
        disk: { total_bytes: 80_000 * mebibyte, used_bytes: at(21_000 * mebibyte, 300 * mebibyte).map(whole) },
      })
    },
    'metrics.disk': ({ serverId }) => {
      requireNews(serverId)
      requireWholeServer(serverId)
      const uses = {
        layers: 1210,
        stacks: 640,
        slugs: 388,
        caches: 240,
        logs: 61,
        repositories: 34,
        sources: 12,
        other: 9,
      }
      const used_by = Object.entries(uses).map(([kind, size]) => ({ kind, bytes: size * mebibyte }))
      return {
        measured_at: new Date().toISOString(),
        total_bytes: 80_530_636_800,
        free_bytes: 51_530_636_800,
        reserve_bytes: 4_294_967_296,
        used_by: used_by as CallsResult,
      }
    },
  } satisfies Partial<Calls>
}

/** Without a single figure where nobody has recorded yet. */
function asRecorded<Answer>({ isUnrecorded }: FakeWorld, answer: Answer): Answer {
  if (!isUnrecorded) return answer
  const hide = (_: string, value: unknown) =>
    Array.isArray(value) && value.some((each) => typeof each === 'number') ? value.map(() => null) : value
  return JSON.parse(JSON.stringify(answer), hide) as Answer
}

type CallsResult = Awaited<ReturnType<Calls['metrics.disk']>>['used_by']

/** Requests a second, at their most. */
function loadOf(app: FakeApp): number {
  return app.releases.length < 2 ? 0 : 3 + (app.app.name.length % 5) * 4
}

const whole = (value: number | null) => (value === null ? null : Math.round(value))

/** Told before: a benchmark of the screens must not measure this. */
const waves: Record<MetricsSpan, number[]> = { '1h': [], '24h': [], '7d': [] }

/** From 0 to 1. */
function wave(span: MetricsSpan, step: number): number {
  const told = waves[span][step]
  if (told !== undefined) return told
  const { steps } = shapes[span]
  const turns = span === '7d' ? 7 : 1.3
  const value = (1 + Math.sin((step / steps) * turns * 2 * Math.PI - 1)) / 2.4 + noise(step) / 8
  waves[span][step] = value
  return value
}

/** With a gap in which nobody recorded. */
function series(span: MetricsSpan, of: (step: number) => number | null): (number | null)[] {
  const { steps } = shapes[span]
  const isAway = (step: number) => step > steps * 0.3 && step < steps * 0.335
  return Array.from({ length: steps }, (_, step) => (isAway(step) ? null : of(step)))
}

function trafficOf(span: MetricsSpan, load: number): Omit<AppMetrics, 'dynos'> {
  const { steps, seconds } = shapes[span]
  const isBad = (step: number) => step > steps * 0.72 && step < steps * 0.76
  const rate = (share: number, bad = share) =>
    series(span, (step) => Math.round(load * wave(span, step) * (isBad(step) ? bad : share) * 1000) / 1000)
  const time = (from: number, bad: number) =>
    series(span, (step) => {
      return load === 0 ? null : Math.round((from * (0.8 + noise(step * 3) / 2) + (isBad(step) ? bad : 0)) * 10) / 10
    })
  const end = Math.floor(Date.now() / 1000 / seconds) * seconds
  return {
    span,
    start_at: new Date((end - steps * seconds) * 1000).toISOString(),
    step_seconds: seconds,
    requests: {
      '1xx': rate(0),
      '2xx': rate(0.86, 0.6),
      '3xx': rate(0.08),
      '4xx': rate(0.05),
      '5xx': rate(0.002, 0.27),
    },
    response_time: { p50: time(18, 40), p95: time(95, 400), p99: time(240, 1900) },
  }
}

function dynosOf(app: FakeApp, span: MetricsSpan): AppMetrics['dynos'] {
  return app.dynos.map((dyno, index) => ({
    name: dyno.name,
    memory_limit_bytes: 512 * mebibyte,
    memory_bytes: series(span, (step) => Math.round(dyno.memory * (1 + index / 3 + wave(span, step + index * 9)))),
    cpu: series(span, (step) => Math.round((0.02 + wave(span, step + index * 31) / (4 + index * 3)) * 1000) / 1000),
  }))
}
