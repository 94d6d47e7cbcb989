import { z } from 'zod'

/** Extension: how an app's dynos are looked after. */
export const dynoSettings = z.strictObject({
  /**
   * True, as long as nobody says otherwise: new dynos must be up before the old ones that they replace are stopped, in deploys,
   * restarts and daily cycling. False: the old ones stop first, for apps of which no two dynos may run at once; requests
   * wait in the router meanwhile. The same switch as Heroku's feature `preboot`.
   */
  preboot: z.boolean(),
})
export type DynoSettings = z.infer<typeof dynoSettings>

export const dynoSettingsUpdate = dynoSettings.partial()
export type DynoSettingsUpdate = z.infer<typeof dynoSettingsUpdate>
