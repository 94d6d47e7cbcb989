import { get } from 'node:http'

const lineFeed = 0x0a

/** Reads another router's log as it is: whole lines, many at once. Returns what ends it. */
export function followLog(controlPath: string, onLines: (lines: Buffer) => void): () => void {
  const call = get({ socketPath: controlPath, path: '/log', agent: false }, (response) => {
    let rest: Buffer = Buffer.alloc(0)
    response.on('data', (chunk: Buffer) => {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      const end = bytes.lastIndexOf(lineFeed) + 1
      if (end > 0) onLines(bytes.subarray(0, end))
      rest = bytes.subarray(end)
    })
    response.on('error', () => {}) // It ends with the process at the other side.
  })
  call.on('error', () => {})
  return () => call.destroy()
}
