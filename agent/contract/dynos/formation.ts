import { z } from 'zod'
import { appReference, id, namedReference, processType, timestamp } from '../common.ts'

/**
 * The process type that runs once a release. It is listed with the others, never with a dyno, since the stock client looks
 * there for whether a release can be tried again; it is not scaled.
 */
export const releaseType = 'release'

export const formation = z.strictObject({
  app: appReference,
  command: z.string(),
  created_at: timestamp,
  dyno_size: namedReference,
  id,
  quantity: z.number().int().nonnegative(),
  size: z.string(),
  type: processType,
  updated_at: timestamp,
})
export type Formation = z.infer<typeof formation>

/** `3`, `"3"`, `"+1"` or `"-1"`: the stock client sends relative quantities as text. */
export const quantity = z.union([z.number().int().min(0).max(100), z.string().regex(/^[+-]?\d{1,3}$/)])

const sizeReference = z.looseObject({ name: z.string().optional(), id: z.string().optional() })
const sizeFields = { size: z.string().optional(), dyno_size: sizeReference.optional() }

/**
 * What the process type is to run from now on, as a new release: the id of an image that was pushed to the app (`sha256:…`), or,
 * beyond Heroku's, the name of one that a registry has. The answer comes when the release is there.
 */
const dockerImage = z.string().min(1).max(500)
const imageField = { docker_image: dockerImage.optional() }

export const formationUpdate = z.strictObject({ quantity: quantity.optional(), ...sizeFields, ...imageField })
export type FormationUpdate = z.infer<typeof formationUpdate>

export const formationBatchUpdate = z.strictObject({
  updates: z
    .array(z.strictObject({ type: processType, quantity: quantity.optional(), ...sizeFields, ...imageField }))
    .min(1),
})
export type FormationBatchUpdate = z.infer<typeof formationBatchUpdate>

/** `memory` is GiB as Heroku counts it, `compute` the share of CPU relative to the standard size. */
export const dynoSize = z.strictObject({
  architecture: z.string(),
  compute: z.number().int(),
  cost: z.null(),
  dedicated: z.boolean(),
  precise_dyno_units: z.number(),
  generation: z.strictObject({ id, name: z.literal('cedar') }),
  id,
  memory: z.number(),
  name: z.string(),
  private_space_only: z.boolean(),
})
export type DynoSizeResource = z.infer<typeof dynoSize>
