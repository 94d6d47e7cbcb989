import { expect, test } from 'vitest'
import { frameHeader, sendFiles, type UploadFile } from '../../../renderer/lib/files/upload.ts'

const file = (path: string, text: string, announced = new TextEncoder().encode(text).length): UploadFile => ({
  path,
  sizeBytes: announced,
  executable: false,
  content: () => new Blob([text]).stream(),
})

/** Reads the stream as the desktop does: length, header, content. */
function readFrames(bytes: Uint8Array): { path: string; text: string }[] {
  const files = []
  for (let at = 0; at < bytes.length; ) {
    const length = new DataView(bytes.buffer, at).getUint32(0)
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(at + 4, at + 4 + length)))
    const from = at + 4 + length
    at = from + header.sizeBytes
    files.push({ path: header.path, text: new TextDecoder().decode(bytes.subarray(from, at)) })
  }
  return files
}

test('a header is its length in big-endian and JSON', () => {
  const frame = frameHeader({ path: 'ä.js', sizeBytes: 3, executable: true })
  expect(new DataView(frame.buffer).getUint32(0)).toBe(frame.length - 4)
  expect(JSON.parse(new TextDecoder().decode(frame.subarray(4)))).toEqual({
    path: 'ä.js',
    sizeBytes: 3,
    executable: true,
  })
})

test('files arrive whole and in order, with progress after each', async () => {
  const sent: Uint8Array[] = []
  const progress: { files: number; bytes: number }[] = []
  const files = [file('a.txt', 'one'), file('empty', ''), file('dir/b.txt', 'x'.repeat(600_000))]
  await sendFiles(
    files,
    async (bytes) => void sent.push(bytes),
    (done) => progress.push(done),
  )
  expect(readFrames(new Uint8Array(Buffer.concat(sent))).map(({ path, text }) => [path, text.length])).toEqual([
    ['a.txt', 3],
    ['empty', 0],
    ['dir/b.txt', 600_000],
  ])
  expect(progress.at(-1)).toEqual({ files: 3, bytes: 600_003 })
})

test.each([[2], [9]])('a file that is not as long as announced (%i bytes) stops the upload', async (announced) => {
  const sending = sendFiles(
    [file('a.txt', 'changed', announced)],
    async () => undefined,
    () => undefined,
  )
  await expect(sending).rejects.toThrow('a.txt changed while it was read')
})
