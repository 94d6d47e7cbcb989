const holdMs = 60_000

/** Hands a text over to be saved: the window asks where, a browser puts it with its downloads. */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser takes hold of it some time after the click, and tells nobody when.
  setTimeout(() => URL.revokeObjectURL(url), holdMs)
}
