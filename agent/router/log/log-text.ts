import type { RouterLogEntry } from '../../core/ports/routing/router-control.ts'

/** The two kinds of lines on the log stream; see `LogBuffer`. */
export const renderLogLine = (appId: string, timeMs: number, line: string): string => `L ${timeMs} ${appId} ${line}\n`
export const renderDropped = (appId: string, timeMs: number, count: number): string => `D ${timeMs} ${appId} ${count}\n`

/** Hands over each complete line; returns the beginning of one that is not complete yet. */
export function parseLogText(text: string, onEntry: (entry: RouterLogEntry) => void): string {
  const lines = text.split('\n')
  const rest = lines.pop() ?? ''
  for (const line of lines) {
    const [, kind, time, appId = '', content = ''] = /^([LD]) (\d+) (\S+) (.*)$/.exec(line) ?? []
    if (kind === 'L') onEntry({ kind: 'line', appId, timeMs: Number(time), line: content })
    if (kind === 'D') onEntry({ kind: 'dropped', appId, timeMs: Number(time), count: Number(content) })
  }
  return rest
}
