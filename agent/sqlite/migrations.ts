/**
 * The steps from an empty file to today's tables: number N of the list brings `user_version` from N - 1 to N. A step
 * that has shipped is never edited; a change is a new step at the end, and gets its test from every older version.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE apps (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    owner_email TEXT NOT NULL,
    stack TEXT NOT NULL,
    maintenance INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    destroyed_at TEXT
  ) STRICT;
  -- A destroyed app's row stays, for its releases; its name is free again.
  CREATE UNIQUE INDEX apps_by_name ON apps (name) WHERE destroyed_at IS NULL;

  CREATE TABLE slugs (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    checksum TEXT NOT NULL,
    stack TEXT NOT NULL,
    layers TEXT NOT NULL,
    process_types TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    "commit" TEXT,
    commit_description TEXT,
    description TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;

  -- slug_id refers to nothing here: the slugs of a destroyed app go, its releases stay.
  CREATE TABLE releases (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    version INTEGER NOT NULL CHECK (version > 0),
    description TEXT NOT NULL,
    user_id TEXT NOT NULL,
    user_email TEXT NOT NULL,
    slug_id TEXT,
    slug_checksum TEXT,
    "commit" TEXT,
    config_digest TEXT NOT NULL,
    config_salt TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    signature TEXT NOT NULL,
    created_at TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    switched_at TEXT,
    output_id TEXT,
    updated_at TEXT NOT NULL,
    UNIQUE (app_id, version)
  ) STRICT;
  CREATE TRIGGER releases_are_kept BEFORE DELETE ON releases
  BEGIN SELECT RAISE(ABORT, 'a release is never deleted'); END;
  CREATE TRIGGER releases_are_immutable BEFORE UPDATE OF
    id, app_id, version, description, user_id, user_email, slug_id, slug_checksum, "commit", config_digest,
    config_salt, previous_hash, hash, signature, created_at ON releases
  BEGIN SELECT RAISE(ABORT, 'a release is immutable'); END;
  -- What succeeded or failed has done so for good.
  CREATE TRIGGER releases_end_once BEFORE UPDATE OF status ON releases
  WHEN OLD.status <> 'pending' AND NEW.status <> OLD.status
  BEGIN SELECT RAISE(ABORT, 'a finished release does not change its status'); END;

  -- Apart from the release, so that the secrets of a destroyed app can go while the chain stays.
  CREATE TABLE release_config_vars (
    release_id TEXT PRIMARY KEY REFERENCES releases (id),
    encrypted BLOB NOT NULL
  ) STRICT;
  CREATE TABLE config_vars (
    app_id TEXT PRIMARY KEY REFERENCES apps (id),
    encrypted BLOB NOT NULL
  ) STRICT;

  CREATE TABLE formations (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    type TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    size TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (app_id, type)
  ) STRICT;

  CREATE TABLE domains (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    hostname TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX domains_by_app ON domains (app_id);

  CREATE TABLE dynos (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    release_id TEXT NOT NULL REFERENCES releases (id),
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    command TEXT NOT NULL,
    size TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    restarts INTEGER NOT NULL,
    host TEXT,
    port INTEGER,
    is_leaving INTEGER NOT NULL,
    is_attached INTEGER NOT NULL,
    expires_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX dynos_by_app ON dynos (app_id);

  CREATE TABLE builds (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    user_id TEXT NOT NULL,
    user_email TEXT NOT NULL,
    source_url TEXT NOT NULL,
    source_checksum TEXT,
    source_version TEXT,
    source_description TEXT,
    buildpacks TEXT NOT NULL,
    stack TEXT NOT NULL,
    status TEXT NOT NULL,
    is_running INTEGER NOT NULL,
    slug_id TEXT,
    release_id TEXT,
    output_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX builds_by_app ON builds (app_id);

  CREATE TABLE buildpacks (
    app_id TEXT PRIMARY KEY REFERENCES apps (id),
    urls TEXT NOT NULL
  ) STRICT;

  CREATE TABLE outputs (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    secret TEXT NOT NULL UNIQUE,
    is_finished INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE output_pieces (
    output_id TEXT NOT NULL REFERENCES outputs (id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (output_id, sequence)
  ) STRICT;
  `,
  `
  CREATE TABLE people (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    blob TEXT NOT NULL,
    comment TEXT NOT NULL,
    added_by_id TEXT,
    added_by_email TEXT,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX keys_by_person ON keys (person_id);
  -- A key that comes back into authorized_keys by itself (an old copy, an editor) must not count as one that root let in.
  CREATE TABLE removed_keys (
    id TEXT PRIMARY KEY,
    removed_at TEXT NOT NULL
  ) STRICT;
  -- The whole server has no app.
  CREATE TABLE grants (
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    app_id TEXT REFERENCES apps (id),
    role TEXT NOT NULL,
    granted_by_id TEXT,
    granted_by_email TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX grants_by_place ON grants (person_id, ifnull(app_id, ''));
  `,
  `
  CREATE TABLE repositories (
    app_id TEXT PRIMARY KEY REFERENCES apps (id),
    deploy_branch TEXT,
    size_bytes INTEGER NOT NULL,
    pushed_at TEXT
  ) STRICT;
  `,
  `
  CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    name TEXT,
    updated_at TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE log_drains (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    encrypted_url BLOB NOT NULL,
    token TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX log_drains_by_app ON log_drains (app_id);
  `,
  `
  CREATE TABLE activity (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    app_id TEXT REFERENCES apps (id),
    user_id TEXT NOT NULL,
    user_email TEXT NOT NULL,
    "key" TEXT,
    description TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX activity_by_app ON activity (app_id, sequence);
  -- Which key a build was asked for by: its release is that key's too.
  ALTER TABLE builds ADD COLUMN user_key_id TEXT;
  `,
  `
  CREATE TABLE new_slugs (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    secret TEXT NOT NULL UNIQUE,
    process_types TEXT NOT NULL,
    archive_checksum TEXT,
    "commit" TEXT,
    commit_description TEXT,
    description TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE app_setups (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    status TEXT NOT NULL,
    failure_message TEXT,
    build_id TEXT,
    manifest_errors TEXT NOT NULL,
    postdeploy TEXT,
    success_url TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE slugs ADD COLUMN reports TEXT NOT NULL DEFAULT '[]';
  `,
  `
  ALTER TABLE apps ADD COLUMN preboot INTEGER NOT NULL DEFAULT 1;
  -- Of dynos that an agent before this one started: as old as the machine's uptime, so that their day is over.
  ALTER TABLE dynos ADD COLUMN started_uptime_ms INTEGER NOT NULL DEFAULT 0;
  `,
  'ALTER TABLE apps ADD COLUMN sleep_after_seconds INTEGER;',
  `
  CREATE TABLE certificates (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    name TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL,
    hostnames TEXT NOT NULL,
    certificate TEXT NOT NULL,
    encrypted_key BLOB NOT NULL,
    starts_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX certificates_by_app ON certificates (app_id);
  ALTER TABLE domains ADD COLUMN certificate_id TEXT;
  ALTER TABLE apps ADD COLUMN acm INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE apps ADD COLUMN https_only INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE apps ADD COLUMN hsts_seconds INTEGER;
  `,
  `
  CREATE TABLE automated_domains (
    domain_id TEXT PRIMARY KEY REFERENCES domains (id) ON DELETE CASCADE,
    app_id TEXT NOT NULL REFERENCES apps (id),
    status TEXT NOT NULL,
    reason TEXT,
    attempts INTEGER NOT NULL,
    next_at TEXT NOT NULL,
    order_url TEXT,
    encrypted_key BLOB
  ) STRICT;
  CREATE TABLE acme_accounts (
    directory TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    encrypted_key BLOB NOT NULL
  ) STRICT;
  `,
  'ALTER TABLE apps ADD COLUMN podman INTEGER NOT NULL DEFAULT 0;',
  `ALTER TABLE slugs ADD COLUMN images TEXT NOT NULL DEFAULT '[]';`,
  'ALTER TABLE dynos ADD COLUMN last_crash TEXT;',
  `
  ALTER TABLE apps ADD COLUMN keep_alive_to_dynos INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE apps ADD COLUMN end_to_end_continue INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE apps ADD COLUMN session_affinity INTEGER NOT NULL DEFAULT 0;
  `,
  'ALTER TABLE apps ADD COLUMN log_runtime_metrics INTEGER NOT NULL DEFAULT 0;',
  `
  CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    include TEXT NOT NULL,
    level TEXT NOT NULL,
    encrypted BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX webhooks_by_app ON webhooks (app_id);
  CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id),
    webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at TEXT,
    last_attempt TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX webhook_deliveries_by_app ON webhook_deliveries (app_id);
  `,
]
