/**
 * The metrics file's, apart from the state's. Version N is what the first N steps make; a step that was released never
 * changes.
 */
export const metricMigrations: readonly string[] = [
  `
  -- The server's own series has the empty owner.
  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL UNIQUE
  ) STRICT;
  -- A ring for each series and tier (its step's length in ms): what comes into a slot takes the place of what was there.
  CREATE TABLE samples (
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    tier INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    step INTEGER NOT NULL,
    sample TEXT NOT NULL,
    PRIMARY KEY (series_id, tier, slot)
  ) STRICT, WITHOUT ROWID;
  `,
]
