import { cp } from 'node:fs/promises'
import path from 'node:path'
import type { TestDesktop } from '../server/hearth-server.ts'

/** Furnishes a home with what another desktop knows: its key, its servers, how it logged in. */
export async function adoptHome(known: TestDesktop, home: string): Promise<void> {
  for (const name of ['servers.json', 'ssh'])
    await cp(path.join(known.home, name), path.join(home, name), { recursive: true })
}
