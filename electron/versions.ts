import { existsSync, readFileSync } from 'node:fs'
import { release, version } from 'node:os'
import { dirname, join } from 'node:path'
import type { DesktopConfig } from './config.ts'

/** Hearth's own: what the build wrote; from source it is package.json's. */
export function readVersion({ agentBundle }: DesktopConfig): string {
  const beside = join(dirname(agentBundle), 'version.json')
  const file = existsSync(beside) ? beside : join(import.meta.dirname, '..', 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

/** This desktop and what it runs on, for whoever has to find out what is wrong. */
export function readVersions(config: DesktopConfig): Record<string, string> {
  return {
    hearth: readVersion(config),
    shell: process.versions.electron === undefined ? 'browser or command line' : 'electron',
    ...(process.versions.electron === undefined ? {} : { electron: process.versions.electron }),
    node: process.versions.node,
    platform: process.platform,
    architecture: process.arch,
    system: `${version()} ${release()}`,
  }
}
