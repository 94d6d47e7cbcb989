import { create } from 'zustand'
import type { Target } from '../lib/target.ts'

/** The dyno or process type whose lines an app's log pane shows; empty shows all. */
export const useLogFocus = create<Record<string, string>>(() => ({}))

export const logFocusKey = ({ serverId, app }: Target): string => `${serverId}/${app}`

export function setLogFocus(target: Target, process: string): void {
  useLogFocus.setState({ [logFocusKey(target)]: process })
}
