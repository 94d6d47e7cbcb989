import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** Opens what is a plain file, and neither follows a link that took its place nor waits for a pipe that did. */
export function openFolderFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
}
