import { z } from 'zod'
import { logHistory, logMatches, logSearch, logSegment } from '../../agent/contract/logs/log-history.ts'
import { call } from './define.ts'

export type { LogHistory, LogMatches, LogSearch, LogSegment } from '../../agent/contract/logs/log-history.ts'

const app = { serverId: z.string(), app: z.string() }

/** The kept log of an app; an agent of before it was kept answers `not_found`. */
export const calls = {
  'logs.history': call(z.strictObject(app), logHistory),
  'logs.segment': call(z.strictObject({ ...app, segment: z.number().int().positive() }), logSegment),
  'logs.search': call(z.strictObject({ ...app, search: logSearch }), logMatches),
} as const
