import type { Encoding } from './content.ts'

/** Whether a list of tags (`If-None-Match: W/"a", "b"`) has the one. */
export function includesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag)
}

/** The first and the last byte asked for; null for the whole; `none` when there are no such bytes (RFC 9110, 14.1.2). */
export function readRange(header: string | undefined, sizeBytes: number): { from: number; to: number } | 'none' | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  // Several at once, other units and what is no range may be answered with the whole.
  if (from === '' && to === '') return null
  const last = sizeBytes - 1
  if (from === '') return Number(to) === 0 ? 'none' : { from: Math.max(0, sizeBytes - Number(to)), to: last }
  if (to !== '' && Number(to) < Number(from)) return null
  if (Number(from) > last) return 'none'
  return { from: Number(from), to: to === '' ? last : Math.min(Number(to), last) }
}

/** The better of those that the client takes and that it does not refuse with q=0. */
export function chooseEncoding(header: string | undefined): Encoding | null {
  const accepted = (header ?? '').split(',').flatMap((one) => {
    const [name = '', ...parameters] = one
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/)
    return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [name]
  })
  if (accepted.includes('br')) return 'br'
  return accepted.includes('gzip') || accepted.includes('*') ? 'gzip' : null
}

// `index-BqX2Zx9a.js` of Vite and its like in folders that hold nothing else, and names with a long hexadecimal part.
const builtFolder = /\/(assets|_astro|_app\/immutable|_next\/static)\/(.*[.-])?(?=[\w-]*[A-Z\d])[\w-]{8}\.\w+$/
const hexadecimal = /[.-](?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\.(?:[\w]+\.)?\w+$/

/** A file whose name has a digest of its content is another file when that changes; all others are asked for again each time. */
export function chooseCaching(pathname: string): string {
  const hasDigest = builtFolder.test(pathname) || hexadecimal.test(pathname)
  return hasDigest ? 'public, max-age=31536000, immutable' : 'no-cache'
}
