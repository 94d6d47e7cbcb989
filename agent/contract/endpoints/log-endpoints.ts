import { endpoint } from '../endpoint.ts'
import { logHistory, logMatches, logSearch, logSegment } from '../logs/log-history.ts'

export const logEndpoints = {
  getLogHistory: endpoint('GET', '/apps/{app}/log-history', { needs: 'view', response: logHistory }),
  getLogSegment: endpoint('GET', '/apps/{app}/log-history/{segment}', { needs: 'view', response: logSegment }),
  /** Looks from the newest line back, through some hundred thousand lines an answer. */
  searchLog: endpoint('POST', '/apps/{app}/log-searches', { needs: 'view', request: logSearch, response: logMatches }),
} as const
