import { z } from 'zod'
import { buildpackUrl } from './build.ts'

export const buildpackInstallation = z.strictObject({
  ordinal: z.number().int().nonnegative(),
  buildpack: z.strictObject({ url: z.string(), name: z.string() }),
})
export type BuildpackInstallation = z.infer<typeof buildpackInstallation>

/** The stock client sends none when the registry does not know a name. */
const reference = z
  .string('is no buildpack that this server knows: give hearth/node, heroku/nodejs, or a URL of git or a tarball')
  .min(1)
  .pipe(buildpackUrl)

/** Replaces the app's ordered list; empty means detection at the next build. */
export const buildpackInstallationsUpdate = z.strictObject({
  updates: z.array(z.strictObject({ buildpack: reference })).max(20),
})
export type BuildpackInstallationsUpdate = z.infer<typeof buildpackInstallationsUpdate>
