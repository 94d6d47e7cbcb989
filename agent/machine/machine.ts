import { access, readFile, statfs } from 'node:fs/promises'
import { type CpuInfo, cpus, freemem, loadavg, totalmem } from 'node:os'
import type { Machine, MachineFacts, MachineFigures } from '../core/ports/machine.ts'
import { DiskCheck } from './disk-check.ts'
import { DiskUse } from './disk-use.ts'

const gibibyte = 1024 ** 3
/** Debian's and Ubuntu's packages leave it when they want a reboot. */
const rebootMark = '/run/reboot-required'

/** Reads the machine's figures; `stateDirectory` says which disk counts. */
export function openMachine(facts: MachineFacts, stateDirectory: string): Machine {
  const diskUse = new DiskUse(stateDirectory)
  const diskCheck = new DiskCheck(stateDirectory)
  return {
    facts,
    measureDiskUse: () => diskUse.measure(),
    async measure(): Promise<MachineFigures> {
      const disk = await statfs(stateDirectory)
      const totalBytes = disk.blocks * disk.bsize
      const cores = cpus()
      return {
        memory: { totalBytes: totalmem(), availableBytes: await availableMemory() },
        cpu: { cores: cores.length, load1m: loadavg()[0] ?? 0, busySeconds: busySeconds(cores) },
        needsReboot: facts.runner === 'systemd' && (await isThere(rebootMark)),
        disk: {
          totalBytes,
          freeBytes: disk.bavail * disk.bsize,
          reserveBytes: reserveBytes(totalBytes),
          problem: await diskCheck.problem(),
        },
      }
    },
  }
}

function busySeconds(cores: readonly CpuInfo[]): number {
  return cores.reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000
}

/** What stays free whatever happens, so that databases and logs can still write: 5 %, between 256 MiB and 2 GiB. */
export function reserveBytes(totalBytes: number): number {
  return Math.min(Math.max(Math.floor(totalBytes * 0.05), gibibyte / 4), 2 * gibibyte)
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

/** MemAvailable counts what caches would give back; freemem() does not. */
async function availableMemory(): Promise<number> {
  try {
    return parseAvailableMemory(await readFile('/proc/meminfo', 'utf8')) ?? freemem()
  } catch {
    // Not Linux.
    return freemem()
  }
}

/** `MemAvailable:   16230040 kB` */
export function parseAvailableMemory(meminfo: string): number | null {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1]
  return kibibytes === undefined ? null : Number(kibibytes) * 1024
}

/** The name of `/etc/os-release` and the stack that builds on this machine get: `debian-12`. */
export async function readOperatingSystem(): Promise<{ name: string; stack: string }> {
  try {
    return parseOsRelease(await readFile('/etc/os-release', 'utf8'))
  } catch {
    return { name: `${process.platform}`, stack: 'local' }
  }
}

/** `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"`, `ID=debian`, `VERSION_ID="12"` */
export function parseOsRelease(text: string): { name: string; stack: string } {
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? ''
  return {
    name: field('PRETTY_NAME') || 'Linux',
    stack: [field('ID') || 'linux', field('VERSION_ID')].filter(Boolean).join('-'),
  }
}
