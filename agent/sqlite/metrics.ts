import { renameSync, rmSync } from 'node:fs'
import type { MetricsStore, SeriesOwner } from '../core/ports/metrics-store.ts'
import { readAll } from './columns.ts'
import { Database } from './database.ts'
import { metricMigrations } from './metric-migrations.ts'
import { parseSample, renderSample } from './sample-text.ts'

/**
 * Opens the file of figures over time. One that can't be read (damaged, or of a newer agent) is put aside as `<path>.unread`
 * and begun anew: it must not keep the agent from starting.
 */
export function openMetricsStore(path: string, report: (problem: string, cause: unknown) => void): MetricsStore {
  try {
    return makeStore(openDatabase(path))
  } catch (error) {
    report('The file of metrics can not be read, and is begun anew', error)
    renameSync(path, `${path}.unread`)
    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
    return makeStore(openDatabase(path))
  }
}

function openDatabase(path: string): Database {
  return new Database(path, { migrations: metricMigrations, isDurable: false })
}

const name = (owner: SeriesOwner) => owner ?? ''

function makeStore(database: Database): MetricsStore {
  const put = (tier: number, slots: number, step: number, owner: SeriesOwner, sample: string) => {
    database.run('INSERT OR IGNORE INTO series (owner) VALUES (:owner)', { owner: name(owner) })
    database.run(
      `INSERT OR REPLACE INTO samples (series_id, tier, slot, step, sample)
         SELECT id, :tier, :slot, :step, :sample FROM series WHERE owner = :owner`,
      { owner: name(owner), tier, slot: step % slots, step, sample },
    )
  }
  return {
    transaction: (change) => database.transaction(change),
    put(tier, step, samples) {
      for (const [owner, sample] of samples) put(tier.stepMs, tier.slots, step, owner, renderSample(sample))
    },
    read({ stepMs, slots }, owner, { from, to }) {
      const count = to - from + 1
      const slot = from % slots
      // A part of a ring may go on at its beginning.
      return readAll(
        database.all(
          `SELECT step, sample FROM samples JOIN series ON series.id = series_id
             WHERE owner = :owner AND tier = :tier AND step BETWEEN :from AND :to
               AND (slot BETWEEN :slot AND :last OR slot <= :wrapped)
             ORDER BY step`,
          {
            owner: name(owner),
            tier: stepMs,
            from,
            to,
            slot,
            last: slot + count - 1,
            wrapped: slot + count - 1 - slots,
          },
        ),
        (row) => ({ step: row.number('step'), sample: parseSample(row.text('sample')) }),
      )
    },
    owners: () => readAll(database.all('SELECT owner FROM series'), (row) => row.text('owner') || null),
    newestStep({ stepMs }, atMost) {
      const row = database.get(
        `SELECT max(step) AS step FROM samples JOIN series ON series.id = series_id
           WHERE owner = '' AND tier = :tier AND step <= :atMost`,
        { tier: stepMs, atMost },
      )
      return typeof row?.step === 'number' ? row.step : null
    },
    destroyApp: (appId) => database.run('DELETE FROM series WHERE owner = :appId', { appId }),
    close: () => database.close(),
  }
}
