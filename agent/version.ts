import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { protocolVersion } from './contract/protocol.ts'

export interface Version {
  readonly version: string
  /** The first 12 digits of the program's digest, as its folder on a server is named; empty from source. */
  readonly digest: string
  readonly protocol: number
}

/** What the build wrote beside the bundle; from source it is package.json's. */
export function readVersion(): Version {
  const beside = join(import.meta.dirname, 'version.json')
  const file = existsSync(beside) ? beside : join(import.meta.dirname, '..', 'package.json')
  const { version, digest = '' } = JSON.parse(readFileSync(file, 'utf8')) as { version: string; digest?: string }
  return { version, digest: digest.slice(0, 12), protocol: protocolVersion }
}
