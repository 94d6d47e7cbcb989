import { writeFile } from 'node:fs/promises'
import { HearthError } from '../../agent/contract/errors.ts'

/** For the user alone, and never over something that is there. */
export async function writeNewFile(target: string, content: Uint8Array | string): Promise<void> {
  await writeFile(target, content, { mode: 0o600, flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'EEXIST' ? 'it is there already' : cause.message
    throw new HearthError('bad_request', `Could not write ${target}: ${why}.`, { cause })
  })
}
