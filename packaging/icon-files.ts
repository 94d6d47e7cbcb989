// The containers in which systems want a picture of several sizes. Both hold plain PNG files.

/** Sizes of a picture in pixels -> its PNG file. */
export type Pictures = ReadonlyMap<number, Buffer>

/**
 * Windows: a header, an entry of 16 bytes for each picture, the pictures. A size of 256 is written as 0.
 * (Microsoft, "Icons", the ICONDIR structure.)
 */
export function renderIco(pictures: Pictures): Buffer {
  const sizes = [16, 24, 32, 48, 64, 128, 256]
  const header = Buffer.alloc(6 + 16 * sizes.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(sizes.length, 4)
  let offset = header.length
  for (const [index, size] of sizes.entries()) {
    const entry = 6 + 16 * index
    const { length } = picture(pictures, size)
    header.writeUInt8(size % 256, entry)
    header.writeUInt8(size % 256, entry + 1)
    header.writeUInt16LE(1, entry + 4)
    header.writeUInt16LE(32, entry + 6)
    header.writeUInt32LE(length, entry + 8)
    header.writeUInt32LE(offset, entry + 12)
    offset += length
  }
  return Buffer.concat([header, ...sizes.map((size) => picture(pictures, size))])
}

/** macOS: `icns`, the whole length, then each picture behind its type and length. The @2x types show the double size. */
const icnsTypes: readonly [type: string, size: number][] = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
]

export function renderIcns(pictures: Pictures): Buffer {
  const parts = icnsTypes.map(([type, size]) => block(type, picture(pictures, size)))
  return block('icns', Buffer.concat(parts))
}

function block(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.write(type, 'latin1')
  header.writeUInt32BE(8 + content.length, 4)
  return Buffer.concat([header, content])
}

function picture(pictures: Pictures, size: number): Buffer {
  const found = pictures.get(size)
  if (!found) throw new Error(`There is no picture of ${size} pixels.`)
  return found
}
