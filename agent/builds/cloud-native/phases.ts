import { systemCalls } from '../images/image-place.ts'
import { images, inside } from './lifecycle-script.ts'

/** One program of the lifecycle, in the order in which they run. */
export interface Phase {
  readonly name: 'analyzer' | 'detector' | 'restorer' | 'builder' | 'exporter'
  /** What it does, for people. */
  readonly title: string
}

export const phases: readonly Phase[] = [
  { name: 'analyzer', title: 'Analyzing the last image' },
  { name: 'detector', title: 'Detecting buildpacks' },
  { name: 'restorer', title: 'Restoring what builds keep' },
  { name: 'builder', title: 'Building' },
  { name: 'exporter', title: 'Exporting the image' },
]

/** How the phases of one build run. */
export interface PhasePlace {
  /** The builder's image in podman's store. */
  readonly builder: string
  readonly api: string
  readonly uid: number
  readonly gid: number
  /** Folders of buildpacks that are not the builder's own, and where they belong below `/cnb/buildpacks`. */
  readonly buildpacks: readonly { readonly from: string; readonly to: string }[]
  readonly hasOwnOrder: boolean
}

interface Needs {
  /** Folders as `from:to`, then what a volume of podman's takes: `ro`. */
  readonly volumes: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly parameters: readonly string[]
}

const layers = `${inside.layers}:/layers`
const workspace = `${inside.workspace}:/workspace`
const cache = `${inside.cache}:/cache`
const layout = `${inside.layout}:/layout`
const usesLayout = { CNB_USE_LAYOUT: 'true', CNB_LAYOUT_DIR: '/layout' }

/**
 * The words for podman that run one phase: https://github.com/buildpacks/spec/blob/main/platform.md. Images are read from and written
 * to a folder, so no phase needs a registry or podman's socket, and none is given the image that the release will be.
 */
export function renderPhase({ name }: Phase, place: PhasePlace): string[] {
  const { volumes, environment, parameters } = needsOf(name, place)
  const own = { CNB_PLATFORM_API: place.api, CNB_EXPERIMENTAL_MODE: 'silent', CNB_NO_COLOR: 'true' }
  return [
    ...['run', '--rm', '--pull', 'never', '--network', 'host', '--uts', 'host', '--cgroups', 'disabled'],
    ...['--cap-drop', 'all', '--security-opt', 'no-new-privileges', '--security-opt', `seccomp=${systemCalls}`],
    ...['--ulimit', 'host', '--log-driver', 'none'],
    ...['--user', `${place.uid}:${place.gid}`, '--workdir', '/'],
    ...volumes.flatMap((volume) => ['--volume', volume]),
    ...Object.entries({ ...own, ...environment }).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]),
    ...['--entrypoint', `/cnb/lifecycle/${name}`, place.builder, ...parameters],
  ]
}

function needsOf(name: Phase['name'], { buildpacks, hasOwnOrder }: PhasePlace): Needs {
  const order = hasOwnOrder ? { CNB_ORDER_PATH: '/layers/order.toml' } : {}
  // Only these two run what strangers wrote, and only they need the app's config vars.
  const strangers = [
    `${inside.platform}:/platform:ro`,
    ...buildpacks.map(({ from, to }) => `${from}:/cnb/buildpacks/${to}:ro`),
  ]
  const { run, next, last } = images
  switch (name) {
    case 'analyzer': {
      const environment = { ...usesLayout, CNB_RUN_IMAGE: run.reference, CNB_PREVIOUS_IMAGE: last.reference }
      return { volumes: [layers, `${layout}:ro`], environment, parameters: [next.reference] }
    }
    case 'detector':
      return { volumes: [layers, workspace, ...strangers], environment: order, parameters: [] }
    case 'restorer': {
      const environment = { ...usesLayout, CNB_CACHE_DIR: '/cache' }
      return { volumes: [layers, cache, `${layout}:ro`], environment, parameters: [] }
    }
    case 'builder':
      return { volumes: [layers, workspace, ...strangers], environment: {}, parameters: [] }
    case 'exporter': {
      const environment = { ...usesLayout, CNB_CACHE_DIR: '/cache' }
      return { volumes: [layers, `${workspace}:ro`, cache, layout], environment, parameters: [next.reference] }
    }
  }
}
