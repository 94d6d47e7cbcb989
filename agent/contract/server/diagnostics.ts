import { z } from 'zod'

/** Extension: how the agent's own services are, and what they said lately, for whoever has to find out what is wrong. */
export const serverDiagnostics = z.strictObject({
  /** Empty where the agent is a process of somebody's desktop. */
  units: z.array(
    z.strictObject({
      name: z.string(),
      /** As systemd words them: `active`, `running`, `success`. */
      state: z.string(),
      detail: z.string(),
      result: z.string(),
      restarts: z.number().int().nullable(),
      /** When it last became active, as systemd writes it; null when it never did. */
      since: z.string().nullable(),
    }),
  ),
  /** The last lines of their journal. No line holds a secret by Hearth's own will; treat it as if one could. */
  journal: z.string(),
})
export type ServerDiagnostics = z.infer<typeof serverDiagnostics>
