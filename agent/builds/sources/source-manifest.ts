import { HearthError } from '../../contract/errors.ts'
import type { SourceFile } from '../../contract/sources/source.ts'
import { SourcePaths } from '../../core/builds/source-path.ts'

/** One uploaded source may hold this much; Heroku's limit for a repository is of the same order. */
export const maximumSourceBytes = 2 * 1024 * 1024 * 1024

export interface CheckedManifest {
  /** Content digest -> size. */
  readonly blobs: ReadonlyMap<string, number>
  readonly folders: readonly string[]
}

/** Refuses hostile paths and sizes, by name. */
export function checkManifest(files: readonly SourceFile[]): CheckedManifest {
  const paths = new SourcePaths()
  const blobs = new Map<string, number>()
  let totalBytes = 0
  for (const file of files) {
    if ('link' in file) {
      paths.addLink(file.path, file.link)
      continue
    }
    paths.addFile(file.path)
    totalBytes += file.sizeBytes
    if (totalBytes > maximumSourceBytes)
      throw new HearthError(
        'too_large',
        'The source is larger than 2 GB. Leave large files out with .slugignore, or keep them outside the app.',
      )
    const known = blobs.get(file.sha256)
    if (known !== undefined && known !== file.sizeBytes)
      throw new HearthError('invalid_params', `The manifest gives two sizes for the same content of '${file.path}'.`)
    blobs.set(file.sha256, file.sizeBytes)
  }
  return { blobs, folders: paths.folders }
}
