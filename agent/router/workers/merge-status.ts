import { type AppTraffic, addTraffic } from '../../core/metrics/traffic.ts'
import type { RoutedAppStatus, RouterStatus } from '../../core/ports/routing/router-control.ts'

/** What all processes of the router do together; what there is one of is the first one's. */
export function mergeStatus(first: RouterStatus, others: readonly RouterStatus[]): RouterStatus {
  const all = [first, ...others]
  return {
    ...first,
    pids: all.flatMap(({ pids }) => pids),
    busy: sum(all, ({ busy }) => busy),
    residentBytes: sum(all, ({ residentBytes }) => residentBytes),
    connections: sum(all, ({ connections }) => connections),
    requests: sum(all, ({ requests }) => requests),
    apps: first.apps.map((app) =>
      mergeApp(
        app,
        others.flatMap(({ apps }) => apps.find(({ id }) => id === app.id) ?? []),
      ),
    ),
  }
}

/** One for each app. */
export function mergeTraffic(all: readonly AppTraffic[]): AppTraffic[] {
  return [...Map.groupBy(all, ({ appId }) => appId)].map(([appId, same]) => ({ appId, ...addTraffic(same) }))
}

function mergeApp(first: RoutedAppStatus, others: readonly RoutedAppStatus[]): RoutedAppStatus {
  const all = [first, ...others]
  const times = all.flatMap(({ lastRequestAtMs }) => lastRequestAtMs ?? [])
  const dynoIds = new Set(all.flatMap(({ dynos }) => dynos.map(({ id }) => id)))
  return {
    ...first,
    requests: sum(all, ({ requests }) => requests),
    inFlight: sum(all, ({ inFlight }) => inFlight),
    held: sum(all, ({ held }) => held),
    tunnels: sum(all, ({ tunnels }) => tunnels),
    lastRequestAtMs: times.length > 0 ? Math.max(...times) : null,
    dynos: [...dynoIds].map((id) => {
      const same = all.flatMap(({ dynos }) => dynos.find((dyno) => dyno.id === id) ?? [])
      return {
        id,
        name: same[0]?.name ?? '',
        requests: sum(same, ({ requests }) => requests),
        inFlight: sum(same, ({ inFlight }) => inFlight),
        tunnels: sum(same, ({ tunnels }) => tunnels),
        answered: sum(same, ({ answered = 0 }) => answered),
        unanswered: sum(same, ({ unanswered = 0 }) => unanswered),
      }
    }),
  }
}

const sum = <T>(list: readonly T[], of: (item: T) => number): number =>
  list.reduce((total, item) => total + of(item), 0)
