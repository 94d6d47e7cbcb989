/** Each step once, in order; `user_version` counts those done. Never edit a step that was released: add one. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE links (
    server_id TEXT NOT NULL, app_id TEXT NOT NULL, version INTEGER NOT NULL,
    release_id TEXT NOT NULL, description TEXT NOT NULL, user TEXT NOT NULL, created_at TEXT NOT NULL,
    slug_id TEXT, slug_checksum TEXT, "commit" TEXT, config_digest TEXT NOT NULL, config_salt TEXT NOT NULL,
    previous_hash TEXT NOT NULL, hash TEXT NOT NULL, signature TEXT NOT NULL,
    PRIMARY KEY (server_id, app_id, version)
  ) STRICT;
  CREATE INDEX links_by_time ON links (created_at DESC);
  CREATE TABLE names (
    sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL
  ) STRICT;
  CREATE INDEX names_by_id ON names (kind, id, sequence DESC);
  CREATE TABLE server_keys (server_id TEXT PRIMARY KEY, public_key TEXT NOT NULL) STRICT;
  CREATE TABLE config_vars (
    server_id TEXT NOT NULL, app_id TEXT NOT NULL, version INTEGER NOT NULL, sealed BLOB NOT NULL,
    PRIMARY KEY (server_id, app_id, version)
  ) STRICT;
  CREATE TABLE findings (
    sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL, server_id TEXT NOT NULL, app_id TEXT NOT NULL,
    version INTEGER, message TEXT NOT NULL, found_at TEXT NOT NULL
  ) STRICT;
  ${['links', 'names', 'server_keys', 'config_vars', 'findings'].map(forbidChanges).join('')}
  `,
  `
  CREATE TABLE notes (
    sequence INTEGER PRIMARY KEY, server_id TEXT NOT NULL, app_id TEXT NOT NULL, version INTEGER NOT NULL,
    text TEXT NOT NULL, written_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX notes_by_release ON notes (server_id, app_id, version);
  ${forbidChanges('notes')}
  `,
  `
  CREATE TABLE slug_files (
    server_id TEXT NOT NULL, checksum TEXT NOT NULL, packed BLOB NOT NULL, PRIMARY KEY (server_id, checksum)
  ) STRICT;
  ${forbidChanges('slug_files')}
  `,
  // The index holds no text of its own but the number of each link's row, which stays: in a table that only grows, row N is the
  // Nth that was written, before a VACUUM and after it. Links of other versions of Hearth come in by the trigger as well.
  `
  CREATE INDEX links_by_app ON links (app_id, created_at DESC, version DESC);
  CREATE VIRTUAL TABLE link_texts USING fts5 (
    description, user, "commit", content = 'links', content_rowid = 'rowid', tokenize = 'trigram'
  );
  INSERT INTO link_texts (link_texts) VALUES ('rebuild');
  CREATE TRIGGER links_indexed AFTER INSERT ON links BEGIN
    INSERT INTO link_texts (rowid, description, user, "commit")
    VALUES (new.rowid, new.description, new.user, new."commit");
  END;
  `,
]

function forbidChanges(table: string): string {
  return `
  CREATE TRIGGER ${table}_keep BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
  CREATE TRIGGER ${table}_stay BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
  `
}
