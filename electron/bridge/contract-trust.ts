import { z } from 'zod'
import { authority } from '../../agent/contract/domains/authority.ts'
import { call } from './define.ts'

/** `distrust` takes away what `trust` has put there. */
const request = z.strictObject({ serverId: z.string(), deed: z.enum(['trust', 'distrust']) })

const report = z.strictObject({
  authority: authority.omit({ certificate: true }),
  steps: z.array(
    z.strictObject({
      /** What it is for: "Your keychain". */
      title: z.string(),
      /** To be typed into a terminal. */
      command: z.string(),
      /** `administrator`: Hearth does not do it, the command is to be run by hand. `missing`: its program is not installed. */
      state: z.enum(['planned', 'administrator', 'done', 'failed', 'missing']),
      message: z.string().nullable(),
    }),
  ),
})
export type TrustReport = z.infer<typeof report>

export const calls = {
  /** What has to be done so that programs of this computer trust a server's own authority; the server makes one if it has none. */
  'trust.plan': call(request, report),
  /** Does what needs no administrator. Systems may ask the user themselves (a password, a yes), and this waits for it. */
  'trust.carryOut': call(request, report),
} as const
