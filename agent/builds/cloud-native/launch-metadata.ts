import { z } from 'zod'
import { processType } from '../../contract/common.ts'
import { HearthError } from '../../contract/errors.ts'
import { quoteWords } from '../../core/shell-words.ts'
import { parseInspected } from '../images/inspected.ts'

const label = 'io.buildpacks.build.metadata'

const launched = z.looseObject({
  type: z.string(),
  // Text until platform API 0.10, a list from then on.
  command: z.union([z.string().transform((word) => [word]), z.array(z.string())]),
  args: z.array(z.string()).nullish(),
  direct: z.boolean().nullish(),
  'exec-env': z.array(z.string()).nullish(),
})
const metadata = z.looseObject({
  processes: z.array(launched).nullish(),
  buildpacks: z.array(z.looseObject({ id: z.string(), version: z.string() })).nullish(),
})
const inspected = z.array(
  z.looseObject({ Config: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }) }),
)

/** What the exporter noted on the image of an app. */
export interface LaunchMetadata {
  /** Command lines as people write them; they are run by the image's launcher, which knows them by their type. */
  readonly processTypes: Readonly<Record<string, string>>
  readonly buildpacks: readonly { readonly id: string; readonly version: string }[]
}

/** `inspection`: JSON of `podman image inspect`. Throws `build_failed` when it is not the image of an app. */
export function readLaunchMetadata(inspection: string | null): LaunchMetadata {
  const [image] = inspected.safeParse(parseInspected(inspection)).data ?? []
  const read = metadata.safeParse(parseInspected(image?.Config.Labels?.[label] ?? null))
  if (!read.success)
    throw new HearthError('build_failed', `The image that the builder made has no readable label ${label}.`)
  const here = (read.data.processes ?? []).filter(
    (each) => processType.safeParse(each.type).success && runsInProduction(each['exec-env']),
  )
  return {
    processTypes: Object.fromEntries(here.map((each) => [each.type, describe(each)])),
    buildpacks: (read.data.buildpacks ?? []).map(({ id, version }) => ({ id, version })),
  }
}

function runsInProduction(environments: readonly string[] | null | undefined): boolean {
  return !environments?.length || environments.includes('*') || environments.includes('production')
}

/** A line of a Procfile is wrapped in a shell by its buildpack: `bash -c "node server.js"` is that line. */
function describe({ command, args, direct }: z.infer<typeof launched>): string {
  const words = [...command, ...(args ?? [])]
  const [shell = '', flag, line] = words
  if (words.length === 3 && /^(?:\/bin\/)?(?:ba)?sh$/.test(shell) && flag === '-c' && line) return line
  return direct || words.length > 1 ? quoteWords(words) : shell
}
