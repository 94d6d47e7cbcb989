import path from 'node:path'
import { platformEnvironment } from './config.ts'

/** The folders of runtime layers that the platform put on PATH: `/usr/local/hearth/node-24.21.0/bin`, perhaps in another root. */
export function findBinDirectories(): string[] {
  return (platformEnvironment.PATH ?? '')
    .split(':')
    .filter((directory) => /\/usr\/local\/hearth\/[^/]+\/bin$/.test(directory))
}

/** Their names, the first on PATH first: `node-24.21.0`. They are the versions. */
export function findRuntimes(): string[] {
  return findBinDirectories().map((directory) => path.basename(path.dirname(directory)))
}

/** `node-24.21.0` as `{ node_version: '24.21.0' }`, for bin/report. */
export function reportRuntimes(): Record<string, string> {
  const versions = findRuntimes().flatMap((name) => {
    const [, program, version] = /^(.+)-([^-]+)$/.exec(name) ?? []
    return program && version ? [[`${program}_version`, version] as const] : []
  })
  return Object.fromEntries(versions)
}
