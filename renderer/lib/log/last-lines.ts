export interface KeptLine {
  /** Its number since the stream began: tells equal lines apart. */
  key: number
  line: string
}

/** The last lines of a byte stream, after each piece of it: however much comes, so few are looked at. */
export async function* lastLines(bytes: ReadableStream<Uint8Array>, count: number): AsyncGenerator<KeptLine[]> {
  const reader = bytes.getReader()
  const decoder = new TextDecoder()
  let kept: KeptLine[] = []
  let seen = 0
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const whole = (rest + decoder.decode(value, { stream: true })).split('\n')
    rest = whole.pop() ?? ''
    if (whole.length === 0) continue
    seen += whole.length
    const fresh = whole.slice(-count)
    kept = [...kept, ...fresh.map((line, at) => ({ key: seen - fresh.length + at, line }))].slice(-count)
    yield kept
  }
}
