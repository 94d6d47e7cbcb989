import { z } from 'zod'

/** Extension: how an app's dynos are looked after. */
export const dynoSettings = z.strictObject({
  /**
   * True, as long as nobody says otherwise: new dynos must be up before the old ones that they replace are stopped, in deploys,
   * restarts and daily cycling. False: the old ones stop first, for apps of which no two dynos may run at once; requests
   * wait in the router meanwhile. The same switch as Heroku's feature `preboot`.
   */
  preboot: z.boolean(),
  /**
   * Seconds without a request, a running answer or a websocket after which the app's dynos are stopped and become `idle`; the
   * next request starts them and waits for them. Null, as long as nobody says otherwise: they run on. Heroku's figure is
   * 1800. An app without web dynos never sleeps.
   */
  sleep_after_seconds: z.number().int().min(5).max(31_536_000).nullable(),
  /**
   * True: the app's dynos run in containers of podman's, with the server's own limits and network. False, as long as nobody says
   * otherwise: as the server runs dynos by itself. A change replaces them like a restart does, and `invalid_params` says
   * what to do where podman can't run them.
   */
  podman: z.boolean(),
})
export type DynoSettings = z.infer<typeof dynoSettings>

export const dynoSettingsUpdate = dynoSettings.partial()
export type DynoSettingsUpdate = z.infer<typeof dynoSettingsUpdate>
