export interface UploadFile {
  path: string
  sizeBytes: number
  executable: boolean
  content(): ReadableStream<Uint8Array>
}

/** What starts each file on the `uploads.receive` stream: a big-endian length, then a JSON header of that length. */
export function frameHeader(file: Pick<UploadFile, 'path' | 'sizeBytes' | 'executable'>): Uint8Array {
  const header = new TextEncoder().encode(
    JSON.stringify({ path: file.path, sizeBytes: file.sizeBytes, executable: file.executable }),
  )
  const frame = new Uint8Array(4 + header.length)
  new DataView(frame.buffer).setUint32(0, header.length)
  frame.set(header, 4)
  return frame
}

export interface UploadProgress {
  files: number
  bytes: number
}

/** Small frames are gathered up to this many bytes: a message per file would cost more than its content. */
const batchBytes = 256 * 1024

/** Writes all files to the stream's outlet, and tells after each how far it is. */
export async function sendFiles(
  files: readonly UploadFile[],
  write: (bytes: Uint8Array) => Promise<void>,
  onProgress: (progress: UploadProgress) => void,
): Promise<void> {
  const progress = { files: 0, bytes: 0 }
  let batch: Uint8Array[] = []
  let size = 0
  const flush = async () => {
    if (size > 0) await write(concat(batch, size))
    batch = []
    size = 0
  }
  const push = async (bytes: Uint8Array) => {
    batch.push(bytes)
    size += bytes.length
    if (size >= batchBytes) await flush()
  }
  for (const file of files) {
    await push(frameHeader(file))
    progress.bytes += await sendContent(file, push)
    progress.files++
    onProgress({ ...progress })
  }
  await flush()
}

/** Exactly the announced number of bytes, or an error: a file that changed meanwhile would shift all that follow. */
async function sendContent(file: UploadFile, push: (bytes: Uint8Array) => Promise<void>): Promise<number> {
  let sent = 0
  const reader = file.content().getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) break
    sent += value.length
    if (sent > file.sizeBytes) break
    await push(value)
  }
  if (sent !== file.sizeBytes)
    throw new Error(`${file.path} changed while it was read. Save your work and drop the folder again.`)
  return sent
}

function concat(parts: Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
