import { z } from 'zod'

/** Extension: what the router does about http where an app has https. Both are off as long as nobody says otherwise. */
export const tlsSettings = z.strictObject({
  /** Who asks over http for a name that has a certificate is sent to https. */
  https_only: z.boolean(),
  /**
   * For how many seconds browsers shall use nothing but https for the app's names (HSTS, RFC 6797). They remember it: it can't be taken
   * back before. 0 makes them forget; null says nothing.
   */
  hsts_seconds: z.number().int().min(0).max(63_072_000).nullable(),
})
export type TlsSettings = z.infer<typeof tlsSettings>

export const tlsSettingsUpdate = tlsSettings.partial()
export type TlsSettingsUpdate = z.infer<typeof tlsSettingsUpdate>
