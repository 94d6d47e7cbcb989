/** The lines of a byte stream, each parsed as JSON; empty lines (heartbeats) are skipped. */
export async function* readNdjson<T>(bytes: ReadableStream<Uint8Array>): AsyncGenerator<T> {
  const reader = bytes.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    rest += decoder.decode(value, { stream: !done })
    const lines = rest.split('\n')
    rest = done ? '' : (lines.pop() ?? '')
    for (const line of lines) if (line.trim()) yield JSON.parse(line) as T
    if (done) return
  }
}
