import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { HearthError } from '../contract/errors.ts'

/** SQLITE_FULL */
const full = 13
/** SQLITE_READONLY, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_CANTOPEN and SQLITE_NOTADB: https://sqlite.org/rescode.html */
const failures = [8, 10, 11, 14, 26]

/** What a disk makes of the state, in words for its users; any other error as it is. */
export function explainDisk(cause: unknown, path: string): unknown {
  if (!(cause instanceof Error && 'errcode' in cause)) return cause
  const code = Number(cause.errcode)
  // A disk without room shows as a failed write too, or as a failed growth of the shared memory file.
  if (code === full || ([778, 4874].includes(code) && !hasRoom(path)))
    return new HearthError('disk_full', "The server's disk is full: nothing was changed. Make room and try again.", {
      cause,
    })
  // The extended codes have the primary one in their last byte.
  if (!failures.includes(code & 0xff)) return cause
  return new HearthError(
    'disk_failed',
    `The server's disk fails (${cause.message}): nothing was changed, and what runs is served on. Look at what its kernel says (dmesg); once the disk is well, restart the agent.`,
    { cause },
  )
}

/** A page of SQLite's and what it keeps of the change beside it. */
function hasRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize > 64 * 1024
  } catch {
    return true
  }
}
