import { HearthError } from '../contract/errors.ts'

/** A line of bin/layers: which runtime a buildpack needs. */
export type LayerRequest =
  | { readonly kind: 'package'; readonly runtime: 'node' | 'npm' | 'pnpm' | 'yarn'; readonly range: string }
  | { readonly kind: 'apt'; readonly packages: readonly string[] }

// Debian policy 5.6.7; a version, architecture or option can't be smuggled in.
const debianPackage = /^[a-z0-9][a-z0-9+.-]+$/

export function parseLayerRequest(line: string): LayerRequest {
  const [name = '', ...rest] = line.trim().split(/\s+/)
  switch (name) {
    case 'node':
    case 'npm':
    case 'pnpm':
    case 'yarn':
      return { kind: 'package', runtime: name, range: rest.join(' ') }
    case 'apt': {
      const wrong = rest.find((one) => !debianPackage.test(one))
      if (wrong !== undefined || rest.length === 0)
        throw new HearthError('build_failed', `'${(wrong ?? '').slice(0, 100)}' is not the name of a Debian package.`)
      return { kind: 'apt', packages: [...new Set(rest)].sort() }
    }
    default:
      throw new HearthError(
        'build_failed',
        `A buildpack asks for the layer '${line.slice(0, 100)}', which Hearth can't make.`,
      )
  }
}
