import { z } from 'zod'

/**
 * A buildpack that this server brings along, in the shape of Heroku's buildpack registry, which the stock client asks for
 * every name that is no URL. Not part of the Platform API, and asked without a token: whoever stands in between asks with
 * its own.
 */
export const buildpack = z.strictObject({
  /** `hearth/node` is `hearth` and `node`. */
  namespace: z.string(),
  name: z.string(),
  category: z.literal('languages'),
  description: z.string(),
  /** What goes into the app's list of buildpacks. */
  blob_url: z.string(),
})
export type Buildpack = z.infer<typeof buildpack>
