import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { aptSources } from './apt-sources.ts'
import { run } from './run.ts'
import { cacheDir } from './state.ts'

/** Each by the code name that its archive knows it by. */
const systems = {
  bookworm: { name: 'Debian 12', distribution: 'debian' },
  trixie: { name: 'Debian 13', distribution: 'debian' },
  jammy: { name: 'Ubuntu 22.04', distribution: 'ubuntu' },
  noble: { name: 'Ubuntu 24.04', distribution: 'ubuntu' },
} as const

export type Suite = keyof typeof systems
export const suites = Object.keys(systems) as readonly Suite[]
/** What Hearth is tried on in every test run; the others are for `npm run test:systems`. */
export const debianSuites: readonly Suite[] = ['bookworm', 'trixie']
export const nameOf = (suite: Suite): string => systems[suite].name

/** Where a suite comes from, as lines for apt, and by whose keys it is judged if not by those that apt has. */
export interface Origin {
  readonly sources: string[]
  readonly keyring?: string
  /** What its smallest system lacks that each server has. */
  readonly packages?: readonly string[]
}

export const ubuntuMirror = () => process.env.HEARTH_TEST_UBUNTU_MIRROR ?? 'http://archive.ubuntu.com/ubuntu'
const installedKeyring = '/usr/share/keyrings/ubuntu-archive-keyring.gpg'
/** Ubuntu's own package of its keys, which not every Debian has; among them F6ECB3762474EDA9D21B7022871920D1991BC93C of 2018. */
const keyringPackage = {
  path: 'pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb',
  sha256: '36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8',
}

/** Debian from where this machine's own apt finds it, Ubuntu from its archive or the mirror that `HEARTH_TEST_UBUNTU_MIRROR` names. */
export async function originOf(suite: Suite): Promise<Origin> {
  if (systems[suite].distribution === 'debian') return { sources: await aptSources(suite) }
  const releases = [suite, `${suite}-updates`, `${suite}-security`]
  const sources = releases.map((release) => `deb ${ubuntuMirror()} ${release} main universe`)
  return { sources, keyring: existsSync(installedKeyring) ? installedKeyring : await fetchKeyring(), packages: ['apt'] }
}

async function fetchKeyring(): Promise<string> {
  const keyring = join(cacheDir, 'ubuntu-archive-keyring.gpg')
  if (existsSync(keyring)) return keyring
  const url = `${ubuntuMirror()}/${keyringPackage.path}`
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}; install the package ubuntu-keyring instead`)
  const bytes = new Uint8Array(await response.arrayBuffer())
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== keyringPackage.sha256)
    throw new Error(`${url} has the SHA-256 ${sha256} instead of ${keyringPackage.sha256}`)
  const folder = `${keyring}.tmp`
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.deb'), bytes)
  await run(['dpkg-deb', '--extract', join(folder, 'package.deb'), folder])
  const found = readFileSync(join(folder, installedKeyring))
  writeFileSync(join(folder, 'keyring'), found)
  renameSync(join(folder, 'keyring'), keyring)
  rmSync(folder, { recursive: true })
  return keyring
}
