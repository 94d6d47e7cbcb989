import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** One file as it is sent: its bytes stay the same as long as the dyno lives, but for what a dyno itself writes. */
export interface Content {
  readonly file: string
  readonly sizeBytes: number
  readonly type: string
  /** A digest in quotes: the same on every dyno and after every deploy that leaves the file alone. */
  readonly tag: string
}

export type Encoding = 'br' | 'gzip'

// Larger ones are sent as they are; smaller ones would not shrink.
const packable = { from: 1024, to: 4 * 1024 * 1024 }
const cachedBytes = 32 * 1024 * 1024

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  mjs: 'text/javascript',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  ics: 'text/calendar',
  json: 'application/json',
  map: 'application/json',
  webmanifest: 'application/manifest+json',
  xml: 'application/xml',
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  ico: 'image/x-icon',
  woff: 'font/woff',
  woff2: 'font/woff2',
  ttf: 'font/ttf',
  otf: 'font/otf',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  pdf: 'application/pdf',
  wasm: 'application/wasm',
  zip: 'application/zip',
  gz: 'application/gzip',
}

/** `text/html; charset=utf-8`; what is not known is offered for download. */
export function chooseType(file: string): string {
  const type = types[path.extname(file).slice(1).toLowerCase()] ?? 'application/octet-stream'
  return /^text\/|javascript|json|xml/.test(type) ? `${type}; charset=utf-8` : type
}

/** Knows files by their digests and keeps the packed form of those asked for last. */
export class Contents {
  readonly #tags = new Map<string, { readonly key: string; readonly tag: string }>()
  readonly #packed = new Map<string, Buffer>()
  #packedBytes = 0

  async open(file: string): Promise<Content> {
    const { size, mtimeMs, ino } = await stat(file)
    const key = `${size} ${mtimeMs} ${ino}`
    const kept = this.#tags.get(file)
    const tag = kept?.key === key ? kept.tag : `"${await digest(file)}"`
    this.#tags.set(file, { key, tag })
    return { file, sizeBytes: size, type: chooseType(file), tag }
  }

  /** Null for what is not worth it. */
  async pack({ file, sizeBytes, type, tag }: Content, encoding: Encoding): Promise<Buffer | null> {
    if (!isPackable(type) || sizeBytes < packable.from || sizeBytes > packable.to) return null
    const key = `${encoding} ${tag}`
    const kept = this.#packed.get(key)
    const bytes = kept ?? (await compress(await readFile(file), encoding))
    this.#packed.delete(key)
    this.#packed.set(key, bytes)
    if (!kept) this.#packedBytes += bytes.length
    this.#forgetOldest()
    return bytes
  }

  #forgetOldest(): void {
    for (const [key, bytes] of this.#packed) {
      if (this.#packedBytes <= cachedBytes) return
      this.#packed.delete(key)
      this.#packedBytes -= bytes.length
    }
  }
}

export function isPackable(type: string): boolean {
  return /^text\/|javascript|json|xml|wasm|font\/(ttf|otf)|x-icon/.test(type)
}

async function compress(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return promisify(gzip)(bytes)
  return promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('base64url').slice(0, 22)
}
