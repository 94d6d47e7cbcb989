import type { Routes } from '../dynos/routes.ts'
import { loadTable, renderTable, saveTable } from './table-file.ts'

/** Keeps the table in use on the disk, if there is a place for it. A full disk must not stop the routing. */
export class TableKeeper {
  private readonly path: string | null
  private readonly routes: Routes
  private readonly warn: (message: string) => void
  private saving: Promise<void> = Promise.resolve()
  private savedRevision = -1

  constructor(path: string | null, routes: Routes, warn: (message: string) => void) {
    this.path = path
    this.routes = routes
    this.warn = warn
  }

  async restore(): Promise<void> {
    if (this.path === null) return
    try {
      const table = await loadTable(this.path)
      if (table) this.routes.apply(table)
    } catch (error) {
      // Without it the router knows no app until the agent speaks, which is better than not starting.
      this.warn(`The saved routing table is unreadable: ${(error as Error).message}`)
    }
  }

  /** One after the other, each with what is newest then. Resolves when what is in use now is saved. */
  save(): Promise<void> {
    const { path } = this
    if (path === null) return this.saving
    this.saving = this.saving
      .then(() => this.saveTo(path))
      .catch((error: Error) => this.warn(`The routing table could not be saved: ${error.message}`))
    return this.saving
  }

  private async saveTo(path: string): Promise<void> {
    const { revision } = this.routes
    if (revision === this.savedRevision) return
    await saveTable(path, renderTable(revision, this.routes.routedApps()))
    this.savedRevision = revision
  }
}
