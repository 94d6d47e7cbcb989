import { HearthError } from '../contract/errors.ts'

/** A line of bin/layers: which runtime a buildpack needs. */
export type LayerRequest =
  | { readonly kind: 'package'; readonly runtime: 'node' | 'npm' | 'pnpm' | 'yarn'; readonly range: string }
  | {
      readonly kind: 'apt'
      readonly packages: readonly string[]
      /** What the packages are wanted for; a machine that is its own stack and has these needs no packages. */
      readonly programs: readonly string[]
    }
  | {
      readonly kind: 'archive'
      /** `python`; with the version it names the folder below usr/local/hearth. */
      readonly name: string
      readonly version: string
      readonly sha256: string
      readonly url: string
    }

// Debian policy 5.6.7; a version, architecture or option can't be smuggled in.
const debianPackage = /^[a-z0-9][a-z0-9+.-]+$/
const programName = /^[A-Za-z0-9][\w+.-]*$/
// The folder that the two make must be one below its place.
const archiveName = /^[a-z][a-z0-9]*$/
const archiveVersion = /^\d[\w.]*$/

export function parseLayerRequest(line: string): LayerRequest {
  const [name = '', ...rest] = line.trim().split(/\s+/)
  switch (name) {
    case 'node':
    case 'npm':
    case 'pnpm':
    case 'yarn':
      return { kind: 'package', runtime: name, range: rest.join(' ') }
    case 'apt':
      return parsePackages(rest)
    case 'archive':
      return parseArchive(rest, line)
    default:
      throw refuse(line)
  }
}

/** `python3 python3-venv for python3` */
function parsePackages(words: readonly string[]): LayerRequest {
  const end = words.indexOf('for')
  const packages = end === -1 ? words : words.slice(0, end)
  const programs = end === -1 ? [] : words.slice(end + 1)
  const wrong = packages.find((one) => !debianPackage.test(one))
  if (wrong !== undefined || packages.length === 0)
    throw new HearthError('build_failed', `'${(wrong ?? '').slice(0, 100)}' is not the name of a Debian package.`)
  const unfit = programs.find((one) => !programName.test(one))
  if (unfit !== undefined)
    throw new HearthError('build_failed', `'${unfit.slice(0, 100)}' is not the name of a program.`)
  return { kind: 'apt', packages: [...new Set(packages)].sort(), programs }
}

/** `go 1.26.11 sha256:<64 hex digits> https://...` */
function parseArchive([name = '', version = '', digest = '', url = '', ...more]: readonly string[], line: string) {
  const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? []
  const isFit = archiveName.test(name) && archiveVersion.test(version) && sha256 && more.length === 0
  if (!isFit || !/^https?:\/\/\S+$/.test(url) || !URL.canParse(url)) throw refuse(line)
  return { kind: 'archive', name, version, sha256, url } as const
}

function refuse(line: string): HearthError {
  return new HearthError(
    'build_failed',
    `A buildpack asks for the layer '${line.slice(0, 100)}', which Hearth can't make.`,
  )
}
