import { open } from 'node:fs/promises'
import { inflateRawSync } from 'node:zlib'

const manifestName = 'META-INF/MANIFEST.MF'
/** A manifest is some lines; one that says it is larger is not read. */
const maximumBytes = 1024 * 1024

/** What a jar says of itself in its manifest: `Main-Class`, `Start-Class` and the like. Empty for what is no jar. */
export async function readManifest(file: string): Promise<ReadonlyMap<string, string>> {
  const text = await readEntry(file).catch(() => '')
  // A line goes on in the next where that begins with a space.
  const lines = text.replace(/\r?\n /g, '').split(/\r?\n/)
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^([\w-]+): *(.*)$/.exec(line) ?? []
      return name && value ? [[name, value] as const] : []
    }),
  )
}

/** The format is zip's: the directory at the end names where each file begins. PKWARE's APPNOTE, 4.3.12. */
async function readEntry(file: string): Promise<string> {
  await using handle = await open(file)
  const { size } = await handle.stat()
  const read = async (at: number, length: number) => (await handle.read(Buffer.alloc(length), 0, length, at)).buffer
  const tail = await read(Math.max(0, size - 66_000), Math.min(size, 66_000))
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const directory = await read(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  for (let at = 0; at + 46 <= directory.length; ) {
    const nameBytes = directory.readUInt16LE(at + 28)
    const packedBytes = directory.readUInt32LE(at + 20)
    if (directory.toString('latin1', at + 46, at + 46 + nameBytes) === manifestName && packedBytes < maximumBytes) {
      const offset = directory.readUInt32LE(at + 42)
      const head = await read(offset, 30)
      const content = await read(offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28), packedBytes)
      const isPacked = directory.readUInt16LE(at + 10) !== 0
      return (isPacked ? inflateRawSync(content, { maxOutputLength: maximumBytes }) : content).toString()
    }
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return ''
}
