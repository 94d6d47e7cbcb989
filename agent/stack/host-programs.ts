import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import path from 'node:path'

/** Where builds and dynos look, whatever the user's own shell is set to. */
const places = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** Those of the programs that this machine does not have where builds and dynos look for them. */
export async function findMissingPrograms(programs: readonly string[]): Promise<string[]> {
  const missing: string[] = []
  for (const program of programs) {
    const tries = places.map((place) => access(path.join(place, program), constants.X_OK))
    await Promise.any(tries).catch(() => missing.push(program))
  }
  return missing
}
