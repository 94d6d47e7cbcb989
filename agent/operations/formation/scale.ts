import { type FormationBatchUpdate, releaseType } from '../../contract/dynos/formation.ts'
import { HearthError } from '../../contract/errors.ts'
import {
  completeFormation,
  type FormationEntry,
  resolveQuantity,
  resolveSize,
  unknownType,
} from '../../core/dynos/formation.ts'
import { limits } from '../../core/limits.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Actor, AppRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import { type Context, timestamp } from '../context.ts'
import { servingRelease } from '../runtime/routing/routes.ts'
import { ensureFormation } from './ensure-formation.ts'
import { reconcile } from './reconcile.ts'

type Update = FormationBatchUpdate['updates'][number]

/** Changes quantities and sizes, all or none; resolves when they are noted, and the dynos follow. */
export function scale(
  context: Context,
  { app, actor, updates }: { app: AppRow; actor: Actor; updates: readonly Update[] },
): Promise<void> {
  const noted = Promise.withResolvers<void>()
  context.background.run(`scaling ${app.name}`, () =>
    context.turns
      .take(app.id, async (signal) => {
        note(context, { app, actor, updates })
        noted.resolve()
        await reconcile(context, app, 'scale', signal)
      })
      .catch((error: unknown) => {
        noted.reject(error)
        throw error
      }),
  )
  return noted.promise
}

function note(context: Context, { app, actor, updates }: { app: AppRow; actor: Actor; updates: readonly Update[] }) {
  const { store, events } = context
  const formation = store.transaction(() => {
    const release = servingRelease(store, app.id)
    const slug = release?.slugId ? store.slugs.byId(release.slugId) : null
    if (!release || !slug) {
      throw new HearthError('invalid_params', `${app.name} has no process types to scale yet; deploy it first.`)
    }
    ensureFormation(context, release)
    const entries = completeFormation(slug.processTypes, store.formations.list(app.id))
    const next = updates.map((update) => applyUpdate(entries, update))
    refuseTooMany(app, entries, next)
    for (const entry of next) putEntry(context, app, entry)
    return completeFormation(slug.processTypes, store.formations.list(app.id))
  })
  act(context, { app, actor }, logTexts.scaled(formation))
  events.changed('formation', app)
}

function applyUpdate(entries: readonly FormationEntry[], update: Update): FormationEntry {
  if (update.type === releaseType) {
    throw new HearthError('invalid_params', 'The process type release runs once a release: it is not scaled.')
  }
  const entry = entries.find(({ type }) => type === update.type)
  if (!entry)
    throw unknownType(
      update.type,
      entries.map(({ type }) => type),
    )
  const size = update.size ?? update.dyno_size?.name ?? update.dyno_size?.id
  return {
    type: entry.type,
    quantity: update.quantity === undefined ? entry.quantity : resolveQuantity(entry.quantity, update.quantity),
    size: size === undefined ? entry.size : resolveSize(size),
  }
}

function refuseTooMany(app: AppRow, entries: readonly FormationEntry[], next: readonly FormationEntry[]): void {
  const after = entries.map((entry) => next.findLast(({ type }) => type === entry.type) ?? entry)
  const total = after.reduce((sum, { quantity }) => sum + quantity, 0)
  if (total <= limits.dynosPerApp) return
  throw new HearthError('invalid_params', `${app.name} would have ${total} dynos; ${limits.dynosPerApp} is the limit.`)
}

function putEntry(context: Context, app: AppRow, entry: FormationEntry): void {
  const row = context.store.formations.list(app.id).find(({ type }) => type === entry.type)
  if (row) context.store.formations.put({ ...row, ...entry, updatedAt: timestamp(context) })
}
