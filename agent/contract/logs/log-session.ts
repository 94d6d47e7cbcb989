import { z } from 'zod'
import { id, timestamp } from '../common.ts'

/**
 * One reader of an app's merged log. The URL holds a secret: with `tail` it may be read again for a day, by one reader at a time,
 * without it once within five minutes. Asked with `Accept: text/event-stream` it answers a server-sent event a line, whose id
 * `Last-Event-ID` goes on after; it lives over restarts of the agent, and ends when who created it may no longer see the app.
 */
export const logSession = z.strictObject({
  created_at: timestamp,
  id,
  logplex_url: z.string(),
  updated_at: timestamp,
})
export type LogSession = z.infer<typeof logSession>

/** Of a dyno or a process type. */
const name = z.string().regex(/^[-\w.]{1,200}$/, 'must be the name of a dyno or a process type')

/**
 * `dyno` takes a dyno's name or a process type, as the stock client sends both; `dyno_name` and `type` are the
 * schema's names. `source` is `app` or `heroku`. `lines` of history come first (100, and at most 1,500, which is what is
 * kept), then, with `tail`, what happens.
 */
export const logSessionCreate = z.strictObject({
  dyno: name.optional(),
  dyno_name: name.optional(),
  type: name.optional(),
  lines: z.number().int().min(0).optional(),
  source: z.string().optional(),
  tail: z.boolean().optional(),
})
export type LogSessionCreate = z.infer<typeof logSessionCreate>
