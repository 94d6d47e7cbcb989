import { z } from 'zod'

/** The buildpacks that a source asks for by itself, in order, and which of its files says so. */
export interface SourceBuildpacks {
  readonly file: '.buildpacks' | 'app.json'
  readonly references: readonly string[]
}

/** As many as an app may have. */
const maximumBuildpacks = 20
const manifest = z.looseObject({ buildpacks: z.array(z.looseObject({ url: z.string().trim().min(1) })) })

/**
 * `texts` are the two files' contents, null where the source has none. `.buildpacks` is the format of heroku-buildpack-multi, a URL
 * or name a line with `#ref` behind it where it is wanted, and goes before app.json. An app.json that can't be read asks for nothing:
 * it may be another program's.
 */
export function readSourceBuildpacks(texts: { list: string | null; manifest: string | null }): SourceBuildpacks | null {
  const lines = (texts.list ?? '').replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  // A comment has its mark at the beginning or behind a space; elsewhere that is a URL's ref.
  const listed = lines.map((line) => line.replace(/(^|\s)#.*$/, '').trim()).filter(Boolean)
  if (listed.length > 0) return { file: '.buildpacks', references: listed.slice(0, maximumBuildpacks) }
  const references = manifest.safeParse(parseOrNull(texts.manifest)).data?.buildpacks.map(({ url }) => url) ?? []
  return references.length > 0 ? { file: 'app.json', references: references.slice(0, maximumBuildpacks) } : null
}

function parseOrNull(text: string | null): unknown {
  try {
    return JSON.parse((text ?? '').replace(/^\uFEFF/, ''))
  } catch {
    return null
  }
}
