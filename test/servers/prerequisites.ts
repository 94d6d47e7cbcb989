import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.ts'

/** A program that the test servers call, and the Debian package that has it. */
const needed: Record<string, string> = {
  'systemd-nspawn': 'systemd-container',
  mmdebstrap: 'mmdebstrap',
  ip: 'iproute2',
  nft: 'nftables',
  'ssh-keygen': 'openssh-client',
  zstd: 'zstd',
  tar: 'tar',
  'mkfs.ext4': 'e2fsprogs',
  flock: 'util-linux',
  nsenter: 'util-linux',
}

/** Why test servers can't run here, or undefined when they can (once the prerequisites are installed). */
export function whyUnavailable(): string | undefined {
  if (process.platform !== 'linux') return 'test servers need Linux'
  if (process.getuid?.() !== 0) return 'test servers need root'
  const missing = missingPackages()
  if (missing.length > 0 && !isProgram('apt-get')) return `test servers need ${missing.join(', ')}`
  return undefined
}

/** Installs the Debian packages that are missing and says which. */
export async function installPrerequisites(say: (line: string) => void = console.log): Promise<void> {
  const reason = whyUnavailable()
  if (reason) throw new Error(reason)
  const missing = missingPackages()
  if (missing.length === 0) return
  say(`installing Debian packages for the test servers: ${missing.join(' ')}`)
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', ...missing]
  const { exitCode } = await run(install, { allowFailure: true })
  if (exitCode === 0) return
  // A machine that never fetched the package lists, or fetched them long ago.
  await run(['apt-get', 'update'])
  await run(install)
}

function missingPackages(): string[] {
  const missing = Object.entries(needed).filter(([program]) => !isProgram(program))
  return [...new Set(missing.map(([, name]) => name))]
}

function isProgram(name: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => existsSync(join(folder, name)))
}
