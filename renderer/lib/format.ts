const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** `0 B`, `512 B`, `1.4 MB`: powers of 1024 with the short names that people know. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${units[unit]}`
}

/** `820 ms`, `12.4 s`, `3 min 07 s`, `2 h 05 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`
}

const pad = (value: number) => String(Math.floor(value)).padStart(2, '0')

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' })
const steps: [limitSeconds: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [3600, 'minute', 60],
  [86_400, 'hour', 3600],
  [2_592_000, 'day', 86_400],
  [31_536_000, 'month', 2_592_000],
  [Number.POSITIVE_INFINITY, 'year', 31_536_000],
]

/** `just now`, `3 min. ago`, `yesterday`. */
export function formatAgo(timestamp: string, now: number): string {
  const seconds = Math.round((now - Date.parse(timestamp)) / 1000)
  if (seconds < 45) return 'just now'
  for (const [limit, unit, size] of steps)
    if (seconds < limit) return relative.format(-Math.max(1, Math.round(seconds / size)), unit)
  return timestamp
}

const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })

export const formatMoment = (timestamp: string): string => moment.format(new Date(timestamp))

const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })

/** `Nov 26, 2026`. */
export const formatDay = (timestamp: string): string => day.format(new Date(timestamp))

/** `1 file`, `3 files`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`
}

/** `a.example, b.example, c.example and 97 more`: a certificate may name a hundred hosts. */
export function sayNames(names: readonly string[], most = 3): string {
  const rest = names.length - most
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest.toLocaleString('en')} more` : names.join(', ')
}
