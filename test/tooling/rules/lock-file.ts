// What npm itself does not refuse but a clean clone later stumbles over.

interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  allowScripts?: Record<string, boolean>
}

interface LockEntry {
  version?: string
  resolved?: string
  integrity?: string
  hasInstallScript?: boolean
  link?: boolean
  inBundle?: boolean
  optionalDependencies?: Record<string, string>
}

export interface LockFile {
  packages: Record<string, LockEntry>
}

// The one registry that everybody can reach. A mirror's address in the lock would break a clone anywhere else.
const publicRegistry = 'https://registry.npmjs.org/'

export function findLockFileFaults(manifest: Manifest, lock: LockFile): string[] {
  const entries = Object.entries(lock.packages).filter(([at]) => at !== '')
  return [
    ...findLoosePins(manifest),
    ...Object.entries(lock.packages).flatMap(([at, entry]) => findHoles(lock, at, entry)),
    ...entries.flatMap(([at, entry]) => findUnverified(at, entry)),
    ...entries.flatMap(([at, entry]) => findUnreviewedScript(manifest, at, entry)),
  ]
}

function findLoosePins({ dependencies, devDependencies, optionalDependencies }: Manifest): string[] {
  const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
  const loose = all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
  return loose.map(([name, version]) => `package.json: ${name} is "${version}", not an exact version`)
}

/** npm drops a platform package that its registry lacks, and `npm ci` then fails on the platforms that need it. */
function findHoles(lock: LockFile, at: string, { optionalDependencies = {} }: LockEntry): string[] {
  const missing = Object.keys(optionalDependencies).filter((name) => !isLocked(lock, at, name))
  return missing.map((name) => `package-lock.json: ${at || 'the root'} may need ${name}, which has no entry`)
}

/** As Node resolves: in the package's own node_modules, then in each folder above. */
function isLocked(lock: LockFile, at: string, name: string): boolean {
  for (let folder = at; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (lock.packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`]) return true
    if (folder === '') return false
  }
}

function findUnverified(at: string, { resolved, integrity, link, inBundle }: LockEntry): string[] {
  // What comes within another package is under that one's hash.
  if (link || inBundle) return []
  const faults: string[] = []
  if (!integrity?.startsWith('sha512-')) faults.push(`package-lock.json: ${at} has no SHA-512`)
  if (resolved && !resolved.startsWith(publicRegistry)) faults.push(`package-lock.json: ${at} comes from ${resolved}`)
  return faults
}

function findUnreviewedScript({ allowScripts = {} }: Manifest, at: string, entry: LockEntry): string[] {
  const name = at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const isReviewed = name in allowScripts || `${name}@${entry.version}` in allowScripts
  if (!entry.hasInstallScript || isReviewed) return []
  return [`package.json: ${name} has an install script that allowScripts neither allows nor denies`]
}
