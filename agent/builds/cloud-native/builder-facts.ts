import { parse } from 'smol-toml'
import { z } from 'zod'
import { HearthError } from '../../contract/errors.ts'
import { parseInspected, splitAssignments } from '../images/inspected.ts'

/** Newest first: below the last one a lifecycle can't leave an image in a folder. Newer ones are not known here. */
const platformApis = ['0.15', '0.14', '0.13', '0.12']

const apis = z.looseObject({
  platform: z.looseObject({ supported: z.array(z.string()).nullish(), deprecated: z.array(z.string()).nullish() }),
})
const buildpack = z.looseObject({ id: z.string(), version: z.string() })
/** `io.buildpacks.builder.metadata`, as pack writes it. */
const metadata = z.looseObject({
  buildpacks: z.array(buildpack).nullish(),
  lifecycle: z.looseObject({ version: z.string().nullish(), apis: apis.nullish() }).nullish(),
})
/** `io.buildpacks.buildpack.order`, as pack writes it. */
const order = z.array(
  z.looseObject({ group: z.array(z.looseObject({ ...buildpack.shape, optional: z.boolean().nullish() })) }),
)
const runToml = z.looseObject({
  images: z.array(z.looseObject({ image: z.string(), mirrors: z.array(z.string()).nullish() })),
})

const inspected = z.array(
  z.looseObject({
    Id: z.string().regex(/^(sha256:)?[0-9a-f]{64}$/),
    Digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    Config: z.looseObject({
      Env: z.array(z.string()).nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
    }),
  }),
)

export interface OrderedBuildpack {
  readonly id: string
  readonly version: string
  readonly optional?: boolean
}

/** What a builder says of itself. */
export interface BuilderFacts {
  /** Of the image in podman's store. */
  readonly id: string
  /** `sha256:<hex>` of its manifest. */
  readonly digest: string
  /** The platform API that it is spoken to by: the newest that it and we have. */
  readonly api: string
  readonly uid: number
  readonly gid: number
  /** Version of its lifecycle, null when it does not say. */
  readonly lifecycle: string | null
  readonly buildpacks: readonly OrderedBuildpack[]
  /** Its groups, in the order in which they are tried. */
  readonly order: readonly (readonly OrderedBuildpack[])[]
  /** Names of the image that apps run on, the best first. */
  readonly runImages: readonly string[]
}

/**
 * Reads what podman and the builder's own files say: `inspection`, JSON of `podman image inspect`, and `run`, its `/cnb/run.toml`. Throws
 * `build_failed`, saying what is wrong with it.
 */
export function readBuilderFacts(reference: string, inspection: string | null, run: string | null): BuilderFacts {
  const [image] = inspected.safeParse(parseInspected(inspection)).data ?? []
  if (!image) throw new HearthError('build_failed', `What podman says of the builder ${reference} is not understood.`)
  const labels = image.Config.Labels ?? {}
  const label = <T>(name: string, schema: z.ZodType<T>) => schema.safeParse(parseInspected(labels[name] ?? null)).data
  const own = label('io.buildpacks.builder.metadata', metadata)
  const environment = new Map(splitAssignments(image.Config.Env ?? []))
  return {
    id: image.Id,
    digest: image.Digest,
    api: chooseApi(reference, label('io.buildpacks.lifecycle.apis', apis) ?? own?.lifecycle?.apis),
    uid: readNumber(reference, 'CNB_USER_ID', environment),
    gid: readNumber(reference, 'CNB_GROUP_ID', environment),
    lifecycle: labels['io.buildpacks.lifecycle.version'] ?? own?.lifecycle?.version ?? null,
    buildpacks: own?.buildpacks ?? [],
    order: (label('io.buildpacks.buildpack.order', order) ?? []).map(({ group }) => group.map(toOrdered)),
    runImages: readRunImages(reference, run),
  }
}

/** The newest platform API that both sides have. */
export function chooseApi(reference: string, offered: z.infer<typeof apis> | null | undefined): string {
  if (!offered)
    throw refuse(reference, 'has no label io.buildpacks.lifecycle.apis, so it is no builder of Cloud Native Buildpacks')
  const { supported, deprecated } = offered.platform
  const theirs = [...(supported ?? []), ...(deprecated ?? [])]
  const chosen = platformApis.find((api) => theirs.includes(api))
  if (chosen) return chosen
  throw refuse(
    reference,
    `speaks the platform APIs ${theirs.join(', ') || '(none)'}, and Hearth ${platformApis.join(', ')}: take a newer version of it`,
  )
}

function readRunImages(reference: string, text: string | null): string[] {
  let read: unknown
  try {
    read = text === null ? null : parse(text)
  } catch {
    throw refuse(reference, 'has a /cnb/run.toml that is no TOML')
  }
  const names = runToml.safeParse(read).data?.images.flatMap(({ image, mirrors }) => [image, ...(mirrors ?? [])]) ?? []
  if (names.length > 0) return names
  throw refuse(reference, 'names no image that apps run on: its /cnb/run.toml has none')
}

/** Numbers that the sandbox has users for; root is for nobody's code. */
function readNumber(reference: string, name: string, environment: ReadonlyMap<string, string>): number {
  const text = environment.get(name) ?? ''
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536) return Number(text)
  throw refuse(reference, `sets ${name} to "${text.slice(0, 20)}", which must be a number from 1 to 65535`)
}

function toOrdered({ id, version, optional }: { id: string; version: string; optional?: boolean | null | undefined }) {
  return { id, version, ...(optional ? { optional } : {}) }
}

function refuse(reference: string, why: string): HearthError {
  return new HearthError('build_failed', `The builder ${reference} ${why}.`)
}
