import { randomUUID } from 'node:crypto'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Actor, Caller } from '../../core/ports/access/actor.ts'
import type { AppRow } from '../../core/ports/store.ts'
import { type Context, timestamp } from '../context.ts'
import { insist } from '../runtime/insist.ts'
import { fingerprintOf } from './key-names.ts'

interface Deed {
  /** Null: the server as a whole. */
  readonly app: Pick<AppRow, 'id' | 'name'> | null
  readonly actor: Actor | Caller
}

/** Writes down what somebody did: among the app's activity, or the server's, and in the app's log, as Heroku words it. */
export function act(context: Context, { app, actor }: Deed, what: string): void {
  if (app) context.logs.writeLine(app.id, 'api', logTexts.act(what, actor))
  note(context, { app, actor }, what)
}

/**
 * Activity alone, where the log says it otherwise. What was done is done: a disk that fails just then must not have it answered
 * as if it were not, so it is written when the disk takes it. Never within the transaction of what it tells.
 */
export function note(context: Context, { app, actor }: Deed, what: string): void {
  const { store, events } = context
  const keyId = 'keyId' in actor ? actor.keyId : null
  const key = keyId === null ? undefined : store.people.listKeys().find(({ id }) => id === keyId)
  const row = {
    id: randomUUID(),
    appId: app?.id ?? null,
    user: { id: actor.id, email: actor.email },
    key: key ? fingerprintOf(key) : null,
    description: what.slice(0, longest),
    createdAt: timestamp(context),
  }
  insist(context, 'writing down who did what', () => store.activity.insert(row))
  events.changed('activity', app)
}

/** A command of a one-off dyno may be of any length. */
const longest = 500
