// Which vitest projects `npm test` runs, and which it must leave out on this machine, with the reason.
import { existsSync } from 'node:fs'
import type { Preparation } from './debian-packages.ts'

export interface PlannedProject {
  name: string
  /** Null when it can run here. */
  leftOutBecause: string | null
}

export interface Machine {
  platform: string
  isRoot: boolean
  packages: Preparation
  chromium: string | null
  hasNamespaces: boolean
}

export function planProjects(projects: string[], machine: Machine): PlannedProject[] {
  return projects.map((name) => ({ name, leftOutBecause: findObstacle(name, machine) }))
}

function findObstacle(project: string, machine: Machine): string | null {
  if (project.startsWith('server') || project === 'client') return findServerObstacle(machine)
  if (project.startsWith('e2e')) {
    if (machine.chromium === null) return 'there is no chromium (HEARTH_TEST_CHROMIUM can name one)'
    return findServerObstacle(machine)
  }
  return null
}

function findServerObstacle({ platform, isRoot, packages, hasNamespaces }: Machine): string | null {
  if (platform !== 'linux') return `test servers need Linux, this is ${platform}`
  if (!isRoot) return 'test servers need root'
  if (packages.kind === 'incomplete') return `${packages.why}; missing: ${packages.missing.join(' ')}`
  if (!hasNamespaces) return 'the kernel gives no network namespaces here (/proc/self/ns/net)'
  return null
}

export function describeMachine(packages: Preparation, chromium: string | null): Machine {
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    packages,
    chromium,
    hasNamespaces: existsSync('/proc/self/ns/net'),
  }
}
