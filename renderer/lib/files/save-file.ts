const holdMs = 60_000

/** Hands a text, or bytes, over to be saved: the window asks where, a browser puts it with its downloads. */
export function saveFile(name: string, content: string | Uint8Array<ArrayBuffer>): void {
  const type = typeof content === 'string' ? 'text/plain;charset=utf-8' : 'application/octet-stream'
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser takes hold of it some time after the click, and tells nobody when.
  setTimeout(() => URL.revokeObjectURL(url), holdMs)
}
