/** Something of an app as the API shows it. */
export type Shown = Readonly<Record<string, unknown>> & { readonly id: string }

export interface ShownChange {
  readonly action: 'create' | 'update' | 'destroy'
  readonly data: Shown
  /** Of an update, the fields that were other before. */
  readonly previous: Readonly<Record<string, unknown>>
}

/** Says nothing by itself: something else has changed, or nothing has. */
const silent = new Set(['updated_at', 'eligible_for_rollback', 'current'])

/** What became of things between two looks at all of them, those that ended first. */
export function findChanges(before: readonly Shown[], now: readonly Shown[]): ShownChange[] {
  const known = new Map(before.map((one) => [one.id, one]))
  const there = new Set(now.map(({ id }) => id))
  const ended = before.filter(({ id }) => !there.has(id))
  return [
    ...ended.map((data) => ({ action: 'destroy' as const, data, previous: {} })),
    ...now.flatMap((data): ShownChange[] => {
      const old = known.get(data.id)
      if (!old) return [{ action: 'create', data, previous: {} }]
      const changed = Object.keys(data).filter((name) => JSON.stringify(data[name]) !== JSON.stringify(old[name]))
      if (changed.every((name) => silent.has(name))) return []
      return [{ action: 'update', data, previous: Object.fromEntries(changed.map((name) => [name, old[name]])) }]
    }),
  ]
}
