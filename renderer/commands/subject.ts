import type { AppSummary, LedgerRelease, Server } from '../../electron/bridge/contract.ts'
import type { ShownPane } from '../stores/panes.ts'

/** What a command is about, by the place where it applies. */
export interface Subjects {
  /** The window as a whole. */
  desktop: Record<string, never>
  server: { server: Server }
  app: { summary: AppSummary }
  dyno: { summary: AppSummary; dyno: { name: string; type: string; state: string } }
  pane: ShownPane
  release: {
    summary: AppSummary
    release: LedgerRelease
    /** All of the app, newest first. */
    releases: LedgerRelease[]
  }
}

export type Place = keyof Subjects

export const theDesktop: Subjects['desktop'] = {}

/** How a list names what a command is about; empty for the window, which needs no name. */
export function nameOf(subject: Subjects[Place]): string {
  if ('dyno' in subject) return `${subject.summary.app.name} ${subject.dyno.name}`
  if ('release' in subject) return `${subject.summary.app.name} v${subject.release.version}`
  if ('summary' in subject) return subject.summary.app.name
  if ('server' in subject) return subject.server.name
  return ''
}
