import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Database, migrate } from '../../../agent/sqlite/database.ts'
import { migrations } from '../../../agent/sqlite/migrations.ts'
import { openStore } from '../../../agent/sqlite/store.ts'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-migrations-'))
  path = join(folder, 'state.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Rows as an agent of each older version wrote them; entry N - 1 is what version N added to those before. */
const addedByVersion = [
  `INSERT INTO apps (id, name, owner_id, owner_email, stack, maintenance, created_at, updated_at, destroyed_at)
     VALUES ('a1', 'shop', 'u1', 'ann@laptop', 'debian-12', 0, 't', 't', NULL);
   INSERT INTO slugs (id, app_id, checksum, stack, layers, process_types, size_bytes, "commit", commit_description,
     description, created_at) VALUES ('s1', 'a1', 'SHA256:1', 'debian-12', '[]', '{"web":"npm start"}', 9, 'c', NULL, 'Node.js', 't');
   INSERT INTO releases VALUES ('r1', 'a1', 1, 'Deploy c', 'u1', 'ann@laptop', 's1', 'SHA256:1', 'c', 'd', 'salt', 'p', 'h',
     'sig', 't', 'succeeded', NULL, 't', NULL, 't');
   INSERT INTO formations VALUES ('f1', 'a1', 'web', 2, 'standard', 't', 't');
   INSERT INTO domains (id, app_id, hostname, kind, created_at, updated_at) VALUES ('d1', 'a1', 'shop.localhost', 'heroku', 't', 't');
   INSERT INTO dynos (id, app_id, release_id, name, type, command, size, kind, state, reason, restarts, host, port, is_leaving,
     is_attached, expires_at, created_at, updated_at) VALUES ('y1', 'a1', 'r1', 'web.1', 'web', 'npm start', 'standard', 'formation', 'up', NULL, 0,
     '127.0.0.1', 5000, 0, 0, NULL, 't', 't');
   INSERT INTO outputs VALUES ('o1', 'a1', 'hidden', 1);
   INSERT INTO output_pieces VALUES ('o1', 1, 'built');
   INSERT INTO builds (id, app_id, user_id, user_email, source_url, source_checksum, source_version, source_description,
     buildpacks, stack, status, is_running, slug_id, release_id, output_id, created_at, updated_at) VALUES ('b1', 'a1', 'u1', 'ann@laptop', 'manifest:x', NULL, 'c', NULL, '[]', 'debian-12', 'succeeded',
     0, 's1', 'r1', 'o1', 't', 't');
   INSERT INTO buildpacks VALUES ('a1', '["hearth/node"]');`,
  `INSERT INTO people VALUES ('p1', 'bob@desk', 't');
   INSERT INTO keys VALUES ('0123456789abcdef', 'p1', 'ssh-ed25519', 'AAAA', 'bob', 'u1', 'ann@laptop', 't');
   INSERT INTO removed_keys VALUES ('fedcba9876543210', 't');
   INSERT INTO grants VALUES ('p1', 'a1', 'view', NULL, NULL, 't', 't');`,
  "INSERT INTO repositories VALUES ('a1', 'live', 5, 't');",
  "INSERT INTO accounts VALUES ('p1', 'Bob', 't');",
  "INSERT INTO log_drains VALUES ('n1', 'a1', X'00', 'd.1', 't', 't');",
  `INSERT INTO activity VALUES (1, 'v1', 'a1', 'u1', 'ann@laptop', NULL, 'Deployed', 't');
   UPDATE builds SET user_key_id = '0123456789abcdef';`,
  "INSERT INTO new_slugs VALUES ('s2', 'a1', 'room', '{}', NULL, NULL, NULL, '', 't');",
  "INSERT INTO app_setups VALUES ('e1', 'a1', 'pending', NULL, NULL, '[]', NULL, NULL, 't', 't');",
  `UPDATE slugs SET reports = '[{"buildpack":"hearth/node","facts":{"node_version":"24.21.0"}}]';`,
  'UPDATE apps SET preboot = 0; UPDATE dynos SET started_uptime_ms = 5000;',
  'UPDATE apps SET sleep_after_seconds = 1800;',
  "INSERT INTO certificates VALUES ('c1', 'a1', 'gator', 'uploaded', '[]', 'PEM', X'00', 't', 't', 't', 't'); UPDATE apps SET https_only = 1;",
  "INSERT INTO automated_domains VALUES ('d1', 'a1', 'pending', NULL, 0, 't', NULL, NULL); INSERT INTO acme_accounts VALUES ('https://ca', 'u', X'00');",
  'UPDATE apps SET podman = 1;',
  `UPDATE slugs SET images = '[{"folder":"web"}]';`,
  "UPDATE dynos SET last_crash = 'exited with status 1';",
  'UPDATE apps SET keep_alive_to_dynos = 0, end_to_end_continue = 1, session_affinity = 1;',
  'UPDATE apps SET log_runtime_metrics = 1;',
  "INSERT INTO webhooks VALUES ('w1', 'a1', '[\"dyno\"]', 'sync', X'00', 't', 't'); INSERT INTO webhook_deliveries VALUES ('l1', 'a1', 'w1', '{}', 'pending', 0, 't', NULL, 't', 't');",
]

it('has rows for every version that ever was', () => {
  expect(addedByVersion).toHaveLength(migrations.length)
})

it.each(addedByVersion.map((_, index) => index + 1))(
  'brings a file of version %i up to date with its rows',
  (version) => {
    {
      using database = new DatabaseSync(path)
      migrate(database, migrations.slice(0, version))
      database.exec(addedByVersion.slice(0, version).join('\n'))
    }
    const store = openStore(path, new Uint8Array(32))
    expect(store.apps.list().map(({ name }) => name)).toEqual(['shop'])
    expect(store.releases.current('a1')).toMatchObject({ version: 1, slugId: 's1', status: 'succeeded' })
    expect(store.slugs.byId('s1')?.processTypes).toEqual({ web: 'npm start' })
    const report = { buildpack: 'hearth/node', facts: { node_version: '24.21.0' } }
    expect(store.slugs.byId('s1')?.reports).toEqual(version >= 9 ? [report] : [])
    expect(store.formations.list('a1')).toMatchObject([{ type: 'web', quantity: 2 }])
    expect(store.dynos.list('a1')).toMatchObject([{ name: 'web.1', address: { port: 5000 } }])
    expect(store.apps.byId('a1')?.preboot).toBe(version < 10)
    expect(store.apps.byId('a1')?.sleepAfterSeconds).toBe(version < 11 ? null : 1800)
    expect(store.apps.byId('a1')?.podman).toBe(version >= 14)
    const isRouted = version >= 17
    expect(store.apps.byId('a1')).toMatchObject({
      keepAliveToDynos: !isRouted,
      endToEndContinue: isRouted,
      sessionAffinity: isRouted,
      logRuntimeMetrics: version >= 18,
    })
    expect(store.dynos.byId('y1')?.startedUptimeMs).toBe(version < 10 ? 0 : 5000)
    expect(store.dynos.byId('y1')?.lastCrash).toBe(version < 16 ? null : 'exited with status 1')
    const deliveries = store.webhookDeliveries.unfinished().map(({ webhookId }) => webhookId)
    expect(deliveries).toEqual(version >= 19 ? ['w1'] : [])
    expect(store.outputs.read('o1')).toBe('built')
    expect(store.builds.list('a1')).toMatchObject([{ releaseId: 'r1' }])
    expect(store.buildpacks.get('a1')).toEqual(['hearth/node'])
    const hasActivity = version >= 6
    expect(store.activity.list('a1')).toMatchObject(hasActivity ? [{ description: 'Deployed', key: null }] : [])
    expect(store.builds.byId('b1')?.user.keyId).toBe(hasActivity ? '0123456789abcdef' : null)
    const hasPeople = version >= 2
    expect(store.people.listGrants()).toMatchObject(hasPeople ? [{ appId: 'a1', role: 'view', grantedBy: null }] : [])
    expect(store.people.listKeys()).toMatchObject(hasPeople ? [{ addedBy: { email: 'ann@laptop' } }] : [])
    expect([...store.people.removedKeys().keys()]).toEqual(hasPeople ? ['fedcba9876543210'] : [])
    expect(store.repositories.get('a1')?.deployBranch ?? null).toBe(version >= 3 ? 'live' : null)
    expect(store.accounts.byId('p1')?.name).toBe(version >= 4 ? 'Bob' : undefined)
    store.close()
  },
)

it('leaves the file at the last good version when a step fails', () => {
  using database = new DatabaseSync(path)
  const steps = ['CREATE TABLE one (x TEXT)', 'CREATE TABLE two (x TEXT); INSERT INTO nowhere VALUES (1)']
  expect(() => migrate(database, steps)).toThrow('nowhere')
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 })
  expect(database.prepare("SELECT name FROM sqlite_master WHERE name = 'two'").get()).toBeUndefined()
})

it('refuses a file from the future and names both versions', () => {
  {
    using database = new DatabaseSync(path)
    database.exec('PRAGMA user_version = 99')
  }
  expect(() => new Database(path)).toThrow(`version 99, this agent knows up to ${migrations.length}`)
})

it('survives the power going off after each commit: full synchronous, write-ahead log, foreign keys', () => {
  const database = new Database(path)
  const pragma = (name: string) => Object.values(database.get(`PRAGMA ${name}`) ?? {})[0]
  expect([pragma('synchronous'), pragma('journal_mode'), pragma('foreign_keys')]).toEqual([2, 'wal', 1])
  database.close()
})
