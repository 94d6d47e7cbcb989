import { HearthError } from '../contract/errors.ts'
import { herokuStackName } from '../core/builds/stack-name.ts'
import type { SandboxExcess, SandboxExit, SandboxLimits } from '../core/ports/builds/sandbox.ts'
import type { LayerReference } from '../core/ports/builds/slug-store.ts'
import { requireApp } from './build-place.ts'
import type { BuildRun } from './build-run.ts'
import { formatMegabytes } from './disk-reserve.ts'

/** What lies over the stack while a step runs. */
export interface StepRuntime {
  /** Under the app's dynos too; the slug names them. */
  readonly layers: readonly LayerReference[]
  /** Above those, while it is built. */
  readonly buildLayers: readonly LayerReference[]
  readonly needsToolchain: boolean
  /** Of the time of a build, what is left to this step; all of it by default. */
  readonly timeoutMs?: number
}

export const bareRuntime: StepRuntime = { layers: [], buildLayers: [], needsToolchain: false }

/** Runs one program of a build in the sandbox; when it is killed the output says by what. */
export async function runStep(
  run: BuildRun,
  step: string,
  command: readonly [string, ...string[]],
  runtime: StepRuntime = bareRuntime,
): Promise<SandboxExit> {
  const { options, request, place, layers: store, output, signal } = run
  const { sandbox, limits } = options
  const progress = { output: output.text, signal }
  const all = [...runtime.buildLayers, ...runtime.layers]
  const unique = [...new Map(all.map((layer) => [layer.digest, layer])).values()]
  const directories = await Promise.all(unique.map((layer) => store.open(layer, progress)))
  const toolchain = runtime.needsToolchain ? await store.openToolchain(progress) : null
  const stack = store.stack.directory
  const lowers = stack === null ? [] : [...directories, ...(toolchain ? [toolchain] : []), stack]
  const besideStack = stack === null ? directories : []
  const exit = await sandbox.run(
    {
      id: `${request.id}-${step}`,
      lowers,
      scratch: place.scratch,
      binds: [...place.binds, ...besideStack.map((from) => ({ from, to: from, writable: false }))],
      command,
      directory: place.inside.app,
      environment: renderEnvironment(run, besideStack),
      limits: { ...limits, timeoutMs: runtime.timeoutMs ?? limits.timeoutMs },
      output: output.bytes,
    },
    signal,
  )
  if (exit.kind === 'killed') output.complain(describeKill(exit.by, limits))
  else if (exit.status === 0) await requireApp(place)
  return exit
}

function renderEnvironment({ options, request, place, layers }: BuildRun, layerRoots: readonly string[]) {
  return {
    ...options.environment,
    HOME: place.inside.app,
    LANG: 'C.UTF-8',
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    STACK: herokuStackName(layers.stack.name),
    HEARTH_STACK: layers.stack.name,
    REQUEST_ID: request.id,
    SOURCE_VERSION: request.sourceVersion ?? '',
    DYNO: `build.${request.id.slice(0, 4)}`,
    HEARTH_NODE: place.inside.node,
    HEARTH_TOP: place.inside.top,
    ...(layerRoots.length > 0 ? { HEARTH_LAYERS: layerRoots.join(':') } : {}),
  }
}

/** The error of a step that did not end well; `complaint` is what the user should read first, unless the step was killed. */
export function stepFailed({ options }: BuildRun, exit: SandboxExit, complaint: string | null): HearthError {
  if (exit.kind === 'exited')
    return new HearthError('build_failed', complaint ?? 'The build failed; its output says why.')
  const isFull = exit.by === 'disk' || exit.by === 'files'
  return new HearthError(isFull ? 'disk_full' : 'build_failed', describeKill(exit.by, options.limits))
}

/** Why a build was ended and what to do, in one line: it becomes the build's message. */
export function describeKill(by: SandboxExcess | 'signal', limits: SandboxLimits): string {
  switch (by) {
    case 'memory':
      return `The build used more than ${formatMegabytes(limits.memoryBytes)} of memory and was stopped: make it use less (fewer parallel jobs, a smaller heap), or raise memoryMb in HEARTH_BUILD_LIMITS on the server.`
    case 'time':
      return `The build took longer than ${formatMinutes(limits.timeoutMs)} and was stopped: see above what it was at, or raise minutes in HEARTH_BUILD_LIMITS on the server.`
    case 'tasks':
      return `The build wanted more than ${limits.maximumTasks} processes and threads at once and was stopped: make it start fewer (fewer parallel jobs), or raise tasks in HEARTH_BUILD_LIMITS on the server.`
    case 'disk':
      return "The build was stopped because the server's disk was nearly full: make it write less, remove old apps or files on the server, or give it a larger disk."
    case 'files':
      return "The build was stopped because the server's disk takes hardly any more files: make it write fewer, remove old apps on the server, or give it a larger disk."
    case 'signal':
      return 'The build was ended by a signal that nothing of Hearth sent: look into the log of the server, and build again.'
  }
}

function formatMinutes(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} seconds` : `${Math.round(ms / 60_000)} minutes`
}
