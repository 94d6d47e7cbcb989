import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RoutedApp, RoutingTable } from '../../core/ports/routing/router-control.ts'
import { parseRoutingTable } from '../../core/routing/routing-table.ts'

/** The last table, so that the router routes at once after its own restart, agent or no agent. */
export async function loadTable(path: string): Promise<RoutingTable | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  return parseRoutingTable(JSON.parse(text))
}

const texts = new WeakMap<RoutedApp, string>()

/** The table as it is saved. Of a thousand apps mostly one changed: the others are not written out anew. */
export function renderTable(revision: number, apps: Iterable<RoutedApp>): string {
  const parts: string[] = []
  for (const app of apps) {
    let text = texts.get(app)
    if (text === undefined) {
      text = JSON.stringify(app)
      texts.set(app, text)
    }
    parts.push(text)
  }
  return `{"revision":${revision},"apps":[${parts.join(',')}]}`
}

/** Whole or not at all, whatever happens meanwhile. */
export async function saveTable(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  const folder = await open(dirname(path), 'r')
  // Not every system can sync a folder (Windows can't); then the rename is as safe as it gets.
  await folder.sync().catch(() => {})
  await folder.close()
}
