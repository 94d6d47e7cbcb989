import { endpoint } from '../endpoint.ts'
import { appMetrics, diskUse, serverMetrics } from '../metrics.ts'

/** Figures over time, and what the disk is used for. `{span}` is `1h`, `24h` or `7d`. */
export const metricsEndpoints = {
  getAppMetrics: endpoint('GET', '/apps/{app}/metrics/{span}', { needs: 'view', response: appMetrics }),
  getServerMetrics: endpoint('GET', '/server/metrics/{span}', { needs: 'server view', response: serverMetrics }),
  /** May take some seconds on a server with many files. */
  getDiskUse: endpoint('GET', '/server/disk', { needs: 'server view', response: diskUse }),
} as const
