import type { LedgerQuery } from '../core/ledger/ledger-store.ts'

/** Of the newest releases, so many are read one by one before the index is asked: a word that many have is among them. */
const readFirst = 2000

/** The index knows a text by every three characters in a row. */
const shortestIndexed = 3

/**
 * Conditions for rows of `links` that choose what a query means, its newest and no more than its limit, in the order to try: the
 * first that fills the limit is the answer, and the last is in any case. By the index alone, a word such as "deploy" would have
 * all releases of a ledger sorted.
 */
export function conditionsOf({ serverId, app, search }: LedgerQuery): string[] {
  const places = [
    ...(serverId === undefined ? [] : ['server_id = @serverId']),
    ...(app === undefined ? [] : [`app_id IN (SELECT @app UNION ALL ${appsThat('name = @app')})`]),
  ]
  if (!search) return [newest(places)]
  if ([...search].length < shortestIndexed) return [newest([...places, isRead])]
  const indexed = newest([...places, isIndexed])
  // LIKE knows the two cases of ASCII's letters only, the index those of all.
  if (!/^[\x20-\x7e]+$/.test(search)) return [indexed]
  return [newest([newest(places, `${readFirst}`), isRead]), indexed]
}

/** What the conditions name. */
export function parametersOf({ serverId, app, search = '', limit }: LedgerQuery) {
  return { serverId, app, limit, pattern: patternOf(search), phrase: phraseOf(search) }
}

const isNamed = appsThat("name LIKE @pattern ESCAPE '\\'")

/** CROSS has SQLite begin with the few notes. */
const isNoted = `SELECT l.rowid FROM notes CROSS JOIN links AS l USING (server_id, app_id, version)
  WHERE text LIKE @pattern ESCAPE '\\'`

const isRead = `(description LIKE @pattern ESCAPE '\\' OR user LIKE @pattern ESCAPE '\\' OR "commit" LIKE @pattern ESCAPE '\\'
  OR app_id IN (${isNamed}) OR rowid IN (${isNoted}))`

const isIndexed = `rowid IN (SELECT rowid FROM link_texts WHERE link_texts MATCH @phrase
  UNION SELECT rowid FROM links WHERE app_id IN (${isNamed}) UNION ${isNoted})`

/** Ids of apps by the newest of their names. */
function appsThat(condition: string): string {
  return `SELECT id FROM names AS n WHERE kind = 'app' AND ${condition}
    AND sequence = (SELECT MAX(sequence) FROM names WHERE kind = 'app' AND id = n.id)`
}

/** Numbers of rows alone are sorted; the rest is read for what is listed. */
function newest(conditions: readonly string[], limit = '@limit'): string {
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  return `rowid IN (SELECT rowid FROM links ${where} ORDER BY created_at DESC, version DESC LIMIT ${limit})`
}

/** `%text%` with LIKE's own signs taken literally. */
function patternOf(search: string): string {
  return `%${search.replace(/[\\%_]/g, '\\$&')}%`
}

/** One string of FTS5's query language, in which nothing but a quote has a meaning; a NUL would end it. */
function phraseOf(search: string): string {
  return `"${search.replaceAll('\0', '').replaceAll('"', '""')}"`
}
