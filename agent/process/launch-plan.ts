import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../contract/errors.ts'
import { bootScript, completeEnvironment } from '../core/dynos/dyno-environment.ts'
import type { DynoSpec, InsideSpec } from '../core/ports/dynos/dyno-runner.ts'
import { type CommandLine, runCommand } from '../exec/command.ts'
import { dynoIdVariable, findInit, type TreeMark } from './process-tree.ts'
import { renderInsideCommand, renderSandboxCommand, renderSandboxEnvironment, type Sandbox } from './sandbox.ts'

/** How a dyno's process is to be started. */
export interface Plan {
  readonly command: CommandLine
  readonly environment: Record<string, string>
  readonly isSandboxed: boolean
  /** How a command inside it is; `mark` tells this plan's processes. */
  inside(spec: InsideSpec, mark: TreeMark): Promise<Plan>
}

export interface PlanPlace {
  readonly folder: string
  readonly sandbox: Sandbox
  readonly port: number | null
  readonly searchPath: string
}

/** Makes what the process needs to find in its folder, and says how it is started. */
export function planDyno(spec: DynoSpec, place: PlanPlace): Promise<Plan> {
  return place.sandbox.kind === 'namespaces' ? planSandboxed(spec, place) : planCopied(spec, place)
}

async function planSandboxed(spec: DynoSpec, { folder, port }: PlanPlace): Promise<Plan> {
  const base = path.join(folder, 'base')
  await mkdir(base)
  const command = renderSandboxCommand({
    base,
    appDirectory: spec.tree.appDirectory,
    layerDirectories: spec.tree.layerDirectories,
    command: renderBoot(spec),
  })
  return { command, ...planInNamespaces(spec, port) }
}

function planInNamespaces(spec: DynoSpec | InsideSpec, port: number | null): Omit<Plan, 'command'> {
  const environment = completeEnvironment(spec, { home: '/app', port, extra: { [dynoIdVariable]: spec.id } })
  return {
    environment: renderSandboxEnvironment(environment),
    isSandboxed: true,
    async inside(inner, mark) {
      const pid = await findInit(mark)
      if (pid === null) throw new HearthError('gone', `Dyno ${mark.dynoId} does not run any more.`)
      return { command: renderInsideCommand(pid, renderBoot(inner)), ...planInNamespaces(inner, port) }
    },
  }
}

/** A terminal belongs to a session, and a shell can only control its jobs if that session is inside its namespaces. */
function renderBoot({ terminal, command }: Pick<DynoSpec, 'terminal' | 'command'>): string[] {
  const session = terminal?.kind === 'pty' ? ['/usr/bin/setsid', '-c', '-w'] : []
  return [...session, '/bin/bash', '-c', bootScript, 'dyno', '/app', command]
}

async function planCopied(spec: DynoSpec, { folder, port, searchPath }: PlanPlace): Promise<Plan> {
  const home = path.join(folder, 'app')
  // Where the file system can, a copy shares its blocks with the slug until either is written.
  const clone = process.platform === 'darwin' ? ['-cR'] : ['-R', '--reflink=auto']
  await runCommand(['cp', ...clone, spec.tree.appDirectory, home])
  const layers = spec.tree.layerDirectories
  const layerPaths = layers.flatMap((layer) => [path.join(layer, 'usr/local/bin'), path.join(layer, 'usr/bin')])
  return planIn({ home, port, path: [...layerPaths, searchPath].join(':'), layers: layers.join(':') }, spec)
}

function planIn(
  home: { home: string; port: number | null; path: string; layers: string },
  spec: DynoSpec | InsideSpec,
): Plan {
  const extra = { [dynoIdVariable]: spec.id, HEARTH_LAYERS: home.layers }
  const boot = ['/bin/bash', '-c', bootScript, 'dyno', home.home, spec.command] as const
  return {
    command: process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL', '--', ...boot] : boot,
    environment: completeEnvironment(spec, { ...home, extra }),
    isSandboxed: false,
    inside: async (inner) => planIn(home, inner),
  }
}
