import { HearthError } from '../contract/errors.ts'

/** What begins with `from` is fetched from `to` instead. */
export interface Mirror {
  readonly from: string
  readonly to: string
}

/** Reads `HEARTH_MIRRORS`: `https://proxy.golang.org/=https://mirror.example/go/ https://...=https://...` */
export function parseMirrors(text: string): Mirror[] {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((pair) => {
      const [, from, to] = /^(https?:\/\/[^\s=]+)=(https?:\/\/\S+)$/.exec(pair) ?? []
      if (from && to) return { from, to }
      throw new HearthError('bad_request', `HEARTH_MIRRORS has pairs FROM=TO of http or https addresses, not ${pair}.`)
    })
}

/** The longest mirror counts. Whoever set the server up named it, so it may be anywhere. */
export function applyMirrors(url: string, mirrors: readonly Mirror[]): { url: string; isMirrored: boolean } {
  const fitting = mirrors.filter(({ from }) => url.startsWith(from)).sort((a, b) => b.from.length - a.from.length)
  const [mirror] = fitting
  if (!mirror) return { url, isMirrored: false }
  return { url: mirror.to + url.slice(mirror.from.length), isMirrored: true }
}
