import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { run, withLock } from './run.ts'

/** What all processes and work trees of this machine share: machines, unpacked systems, prepared images, one key. */
export const stateDir = process.env.HEARTH_TEST_SERVERS_DIR ?? '/var/lib/hearth-test-servers'
export const cacheDir = join(homedir(), '.cache/hearth/test-servers')
export const machinesDir = join(stateDir, 'machines')
export const basesDir = join(stateDir, 'bases')
export const imagesDir = join(stateDir, 'images')
export const keyFile = join(stateDir, 'keys/id_ed25519')

/** A process, named so that a reused process id isn't taken for it. */
export interface Owner {
  pid: number
  startTime: string
}

export interface Machine {
  id: string
  name: string
  slot: number
  host: string
  suite: string
  /** Digest-named folder under `bases`. */
  base: string
  /** Prepared images over the base, the newest first. */
  images: string[]
  memoryBytes?: number
  diskBytes?: number
  /** Who made it, while it is being made or when it must not outlive its maker. None: it stays until `down`. */
  owner?: Owner
  hostKeyFingerprint?: string
}

export function prepareStateDir(): void {
  for (const dir of [machinesDir, basesDir, imagesDir, join(stateDir, 'keys'), join(stateDir, 'locks'), cacheDir]) {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
  }
}

export function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
  prepareStateDir()
  return withLock(join(stateDir, 'locks', name), work)
}

export const machineDir = (name: string): string => join(machinesDir, name)

export function readMachine(name: string): Machine | undefined {
  const file = join(machineDir(name), 'machine.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Machine) : undefined
}

export function writeMachine(machine: Machine): void {
  const file = join(machineDir(machine.name), 'machine.json')
  writeFileSync(`${file}.new`, JSON.stringify(machine, undefined, 2))
  renameSync(`${file}.new`, file)
}

export function listMachines(): Machine[] {
  if (!existsSync(machinesDir)) return []
  return readdirSync(machinesDir).flatMap((name) => readMachine(name) ?? [])
}

export const thisProcess = (): Owner => ({ pid: process.pid, startTime: startTimeOf(process.pid) ?? '' })

export const isAlive = (owner: Owner): boolean => startTimeOf(owner.pid) === owner.startTime

/** Field 22 of /proc/PID/stat; the command in field 2 may hold spaces and brackets, so count from its end. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

/** One key pair opens every test server of this machine. */
export async function ensureKey(): Promise<void> {
  if (existsSync(keyFile)) return
  await locked('key', async () => {
    if (!existsSync(keyFile)) await generateKey(keyFile, 'hearth-test-servers')
  })
}

export async function generateKey(file: string, comment: string): Promise<void> {
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file])
}

/** As `ssh-keygen -l` and every SSH client print it. */
export function fingerprint(publicKeyLine: string): string {
  const blob = Buffer.from(publicKeyLine.split(' ')[1] ?? '', 'base64')
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}
