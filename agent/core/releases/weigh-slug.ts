import type { SlugWeight, WeightKind } from '../../contract/releases/slug-weight.ts'

export interface WeighedFile {
  readonly path: string
  readonly sizeBytes: number
}

type Weight = Pick<SlugWeight, 'size' | 'files' | 'kinds' | 'folders' | 'biggest' | 'hints'>
type Hint = Weight['hints'][number]

const listed = 12
/** What saves less is not worth a line. */
const worthBytes = 1024 * 1024
const largeMediaBytes = 5 * 1024 * 1024

/** In order: what an earlier one takes is no later one's. */
const kinds: readonly (readonly [WeightKind, RegExp])[] = [
  ['history', /(^|\/)\.(git|hg|svn)\//],
  [
    'caches',
    /(^|\/)(node_modules\/\.cache|\.next\/cache|\.nuxt\/cache|\.turbo|\.parcel-cache|\.gradle|\.cache|tmp\/cache|\.mypy_cache|\.ruff_cache|\.pytest_cache)\//,
  ],
  ['dependencies', /(^|\/)(node_modules|site-packages|vendor|\.venv|venv|\.yarn\/cache|\.m2|\.heroku)\//],
  ['tests', /(^|\/)(tests?|specs?|__tests__|cypress|e2e|docs?|examples?|coverage|fixtures)\//i],
  ['maps', /\.map$/],
  [
    'media',
    /\.(png|jpe?g|gif|webp|avif|svg|ico|mp4|mov|webm|mkv|avi|mp3|wav|ogg|flac|pdf|psd|ai|zip|tar|t?gz|7z|rar|woff2?|ttf|otf|sqlite3?|csv|parquet)$/i,
  ],
]

export function kindOf(path: string): WeightKind {
  return kinds.find(([, pattern]) => pattern.test(path))?.[0] ?? 'code'
}

/** Where the bytes of a slug are, and what could be left out. Goes through the files once and keeps little of them. */
export function weighSlug(files: Iterable<WeighedFile>): Weight {
  const byKind = new Shares<WeightKind>()
  const byFolder = new Shares<string>()
  const caches = new Shares<string>()
  let biggest: { path: string; size: number }[] = []
  for (const { path, sizeBytes: size } of files) {
    const kind = kindOf(path)
    byKind.add(kind, size)
    for (const folder of foldersOf(path)) byFolder.add(folder, size)
    if (kind === 'caches' || kind === 'history') caches.add(rootOf(path, kind), size)
    biggest.push({ path, size })
    if (biggest.length > 1000) biggest = cutBiggest(biggest)
  }
  biggest = cutBiggest(biggest)
  const all = byKind.list().map(([kind, share]) => ({ kind, ...share }))
  return {
    size: all.reduce((sum, { size }) => sum + size, 0),
    files: all.reduce((sum, one) => sum + one.files, 0),
    kinds: all,
    folders: chooseFolders(byFolder),
    biggest,
    hints: [...hintAtCaches(caches), ...hintAtTests(byFolder), ...hintAtMaps(byKind), ...hintAtMedia(biggest)].sort(
      (a, b) => b.size - a.size,
    ),
  }
}

class Shares<Name extends string> {
  readonly #shares = new Map<Name, { size: number; files: number }>()

  add(name: Name, size: number): void {
    const share = this.#shares.get(name)
    if (!share) this.#shares.set(name, { size, files: 1 })
    else {
      share.size += size
      share.files += 1
    }
  }

  sizeOf(name: Name): number {
    return this.#shares.get(name)?.size ?? 0
  }

  /** The biggest first. */
  list(): [Name, { size: number; files: number }][] {
    return [...this.#shares].sort((a, b) => b[1].size - a[1].size)
  }
}

const cutBiggest = (files: { path: string; size: number }[]) => files.sort((a, b) => b.size - a.size).slice(0, listed)

/** `public/` and `public/img/` of `public/img/a/b.png`. */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return [1, 2].filter((depth) => depth <= parts.length).map((depth) => `${parts.slice(0, depth).join('/')}/`)
}

/** A folder gives way to the parts of it that hold something worth knowing of. */
function chooseFolders(shares: Shares<string>): Weight['folders'] {
  const all = shares.list()
  const isTop = (path: string) => path.split('/').length === 2
  const tops = all.filter(([path]) => isTop(path)).slice(0, listed)
  const chosen = tops.flatMap(([path, share]) => {
    const parts = all.filter(([part, { size }]) => part !== path && part.startsWith(path) && size > share.size * 0.2)
    return [[path, share] as const, ...parts.slice(0, 3)]
  })
  return chosen.slice(0, listed * 2).map(([path, share]) => ({ path, ...share }))
}

/** The cache's own folder, from the top: `node_modules/.cache/`. */
function rootOf(path: string, kind: WeightKind): string {
  const pattern = kinds.find(([one]) => one === kind)?.[1]
  const match = pattern?.exec(path)
  return match ? path.slice(0, match.index + match[0].length) : path
}

function hintAtCaches(caches: Shares<string>): Hint[] {
  return caches
    .list()
    .filter(([, { size }]) => size >= worthBytes)
    .slice(0, 5)
    .map(([path, { size }]) =>
      kindOf(path) === 'history'
        ? {
            text: `${path} is the history of a repository: nothing reads it when the app runs.`,
            size,
            slugignore: [`/${path}`],
          }
        : // The build makes it, after .slugignore has been read.
          {
            text: `${path} is a tool's cache, of use to a build and not to a dyno: have the build remove it at its end.`,
            size,
            slugignore: [],
          },
    )
}

function hintAtTests(folders: Shares<string>): Hint[] {
  const found = folders
    .list()
    .filter(([path, { size }]) => size >= worthBytes && path.split('/').length === 2 && kindOf(path) === 'tests')
  if (found.length === 0) return []
  return [
    {
      text: `${found.map(([path]) => path).join(', ')}: tests and documentation are not needed to run.`,
      size: found.reduce((sum, [, { size }]) => sum + size, 0),
      slugignore: found.map(([path]) => `/${path}`),
    },
  ]
}

function hintAtMaps(byKind: Shares<WeightKind>): Hint[] {
  const size = byKind.sizeOf('maps')
  if (size < worthBytes) return []
  return [{ text: 'Source maps are only read by debuggers: have the build leave them out.', size, slugignore: [] }]
}

function hintAtMedia(biggest: Weight['biggest']): Hint[] {
  const found = biggest.filter(({ path, size }) => size >= largeMediaBytes && kindOf(path) === 'media')
  if (found.length === 0) return []
  return [
    {
      text: `${found.map(({ path }) => path).join(', ')}: large media travel with each deploy and lie in each slug; a store for files keeps them once.`,
      size: found.reduce((sum, { size }) => sum + size, 0),
      slugignore: [],
    },
  ]
}
