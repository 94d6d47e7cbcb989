import { create } from 'zustand'
import type { Target } from '../lib/apps/target.ts'

/** The dyno or process type whose lines a log pane shows; empty shows all. */
export const useLogFocus = create<Record<string, string>>(() => ({}))

/** Of an app's first log pane, or of another one by its id. */
export const logFocusKey = ({ serverId, app }: Target, paneId: string | null = null): string =>
  `${serverId}/${app}${paneId === null ? '' : `/${paneId}`}`

export function setLogFocus(key: string, process: string): void {
  useLogFocus.setState({ [key]: process })
}
