/** Columns as wide as their widest cell; the last one is left as it is. */
export function renderRows(rows: readonly (readonly string[])[], indent = '', minimum = 0): string {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(column === 0 ? minimum : 0, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
    return `${indent}${cells.join('  ').trimEnd()}\n`
  })
  return lines.join('')
}

export function renderTable(header: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return `${empty}\n`
  return renderRows([header.map((cell) => cell.toUpperCase()), ...rows])
}

/** `2026-11-21 03:45:12` of an ISO time, in UTC as the server counts. */
export function formatMoment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`
}

/** As in the window and in the output of builds: powers of 1024 with the short names that people know. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10))
  const digits = power === 0 || bytes >= 100 * 1024 ** power ? 0 : 1
  return `${(bytes / 1024 ** power).toFixed(digits)} ${['B', 'KB', 'MB', 'GB', 'TB'][power]}`
}
