import type { Role } from '../../contract/access/role.ts'
import { type Authority, isReduced, roleOnApp } from '../../core/authority.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { LoginKey, LoginKeys } from '../../core/ports/access/login-keys.ts'
import type { GrantRow, KeyRow, PersonRow } from '../../core/ports/access/people-store.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Store } from '../../core/ports/store.ts'
import { missing } from '../find.ts'
import type { Background } from '../runtime/background.ts'
import { adoptKeys } from './adopt-keys.ts'

export interface Person extends PersonRow {
  /** Those by which they get in now. */
  readonly keys: readonly KeyRow[]
  readonly grants: readonly GrantRow[]
  readonly authority: Authority
}

export interface PeoplePorts {
  readonly store: Store
  /** Null on the embedded server: whoever reaches its socket is its user. */
  readonly loginKeys: LoginKeys | null
  readonly clock: Clock
  readonly background: Background
  readonly report: (problem: string, cause: unknown) => void
}

type Reduced = (keyIds: readonly string[]) => void

const editingMs = 1_000
const nothing: Authority = { server: null, apps: new Map() }

/**
 * Who may do what, as it is now: what the store says of people, as far as `authorized_keys` lets them in. Root may
 * change that file at any time, so it is looked at before each answer.
 */
export class People {
  readonly #ports: PeoplePorts
  readonly #listeners = new Set<Reduced>()
  #seen: readonly LoginKey[] | null = null
  #people: ReadonlyMap<string, Person> = new Map()
  /** By whom a token belongs to. */
  #callers: ReadonlyMap<string, Caller & { readonly keyId: string }> = new Map()

  constructor(ports: PeoplePorts) {
    this.#ports = ports
  }

  /** Whoever has that key, if it still opens anything. */
  identify(ownerId: string): Caller | null {
    this.refresh()
    return this.#callers.get(ownerId) ?? null
  }

  /** By e-mail-like name. */
  list(): Person[] {
    this.refresh()
    return [...this.#people.values()]
  }

  /** By id or e-mail-like name. */
  find(identity: string): Person | null {
    const name = identity.toLowerCase()
    return this.list().find(({ id, email }) => id === identity || email.toLowerCase() === name) ?? null
  }

  /** Somebody who is known to be there. */
  require(id: string): Person {
    return this.find(id) ?? missing('person', id)
  }

  /** On an app, or with null on the whole server; none for a key that was removed since. */
  roleOf({ id, keyId }: Pick<Caller, 'id' | 'keyId'>, appId: string | null): Role | null {
    if (keyId === null) return 'manage'
    const person = this.#people.get(id)
    if (!person?.keys.some((key) => key.id === keyId)) return null
    return appId === null ? person.authority.server : roleOnApp(person.authority, appId)
  }

  /** Makes changes to the store that hold together, and lets them count at once. */
  change<T>(work: () => T): T {
    const result = this.#ports.store.transaction(work)
    this.#reload()
    return result
  }

  /** Calls back with keys that open less than before, or nothing; the function returned ends it. */
  onReduced(listener: Reduced): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes note of what root, or a crash, left in `authorized_keys`. */
  refresh(): void {
    const { loginKeys, report } = this.#ports
    const keys = loginKeys?.current() ?? noKeys
    if (keys === this.#seen) return
    try {
      if (loginKeys) adoptKeys({ ...this.#ports, loginKeys }, keys)
      this.#seen = keys
    } catch (error) {
      // A full disk, say. Who is known stays known; who is new is tried again.
      report('taking note of new SSH keys failed', error)
    }
    this.#reload(keys)
  }

  #reload(keys = this.#ports.loginKeys?.current() ?? noKeys): void {
    const [before, callersBefore] = [this.#people, this.#callers]
    this.#people = readPeople(this.#ports.store, keys)
    this.#callers = findCallers(this.#people, (keyId) => this.#ports.loginKeys?.ownerOf(keyId) ?? keyId)
    const isThere = (appId: string) => this.#ports.store.apps.byId(appId) !== null
    const isLess = (id: string) => {
      const [had = nothing, has = nothing] = [before.get(id)?.authority, this.#people.get(id)?.authority]
      return isReduced(had, has, isThere)
    }
    const recorded = new Set(this.#ports.store.people.listKeys().map(({ id }) => id))
    const callers = [...callersBefore.values()]
    const reduced = callers.filter(({ id, keyId }) => !recorded.has(keyId) || isLess(id))
    const absent = callers.filter(({ keyId }) => recorded.has(keyId) && !this.#hasKey(keyId))
    this.#tell(reduced.map(({ keyId }) => keyId))
    if (absent.length > 0) this.#lookAgain(absent.map(({ keyId }) => keyId))
  }

  /**
   * A line that is not there opens nothing. But who edits a file may have it empty for a moment, and that is no reason to
   * end everybody's terminals.
   */
  #lookAgain(keyIds: readonly string[]): void {
    const { background, clock } = this.#ports
    background.run('looking at authorized_keys again', async () => {
      await clock.delay(editingMs, background.signal)
      this.refresh()
      this.#tell(keyIds.filter((keyId) => !this.#hasKey(keyId)))
    })
  }

  #tell(keyIds: readonly string[]): void {
    if (keyIds.length > 0) for (const listener of this.#listeners) listener(keyIds)
  }

  #hasKey(keyId: string): boolean {
    return [...this.#callers.values()].some((caller) => caller.keyId === keyId)
  }
}

const noKeys: readonly LoginKey[] = []

function readPeople({ people }: Store, present: readonly LoginKey[]): Map<string, Person> {
  const blobs = new Map(present.map(({ id, blob }) => [id, blob]))
  const keys = Map.groupBy(people.listKeys(), ({ personId }) => personId)
  const grants = Map.groupBy(people.listGrants(), ({ personId }) => personId)
  return new Map(
    people.list().map((row) => {
      const own = grants.get(row.id) ?? []
      const open = (keys.get(row.id) ?? []).filter(({ id, blob }) => blobs.get(id) === blob)
      return [row.id, { ...row, keys: open, grants: own, authority: toAuthority(own) }]
    }),
  )
}

function toAuthority(grants: readonly GrantRow[]): Authority {
  return {
    server: grants.find(({ appId }) => appId === null)?.role ?? null,
    apps: new Map(grants.flatMap(({ appId, role }) => (appId === null ? [] : [[appId, role]]))),
  }
}

function findCallers(people: ReadonlyMap<string, Person>, ownerOf: (keyId: string) => string) {
  return new Map(
    [...people.values()].flatMap(({ id, email, keys }) =>
      keys.map((key) => [ownerOf(key.id), { id, email, keyId: key.id }] as const),
    ),
  )
}
