import { z } from 'zod'

export const buildpackInstallation = z.strictObject({
  ordinal: z.number().int().nonnegative(),
  buildpack: z.strictObject({ url: z.string(), name: z.string() }),
})
export type BuildpackInstallation = z.infer<typeof buildpackInstallation>

/** Replaces the app's ordered list; empty means detection at the next build. */
export const buildpackInstallationsUpdate = z.strictObject({
  updates: z.array(z.strictObject({ buildpack: z.string().min(1) })).max(20),
})
export type BuildpackInstallationsUpdate = z.infer<typeof buildpackInstallationsUpdate>
