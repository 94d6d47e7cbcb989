import { z } from 'zod'
import { appName } from '../../agent/contract/common.ts'
import { call, stream } from './define.ts'

/** What a `hearth://` link asks for: always a screen or a form, never an act. */
export const deepLink = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('app'), app: appName }),
  z.strictObject({ kind: z.literal('deploy'), repository: z.string().max(1000) }),
  z.strictObject({ kind: z.literal('add-server'), address: z.string().max(300) }),
])
export type DeepLink = z.infer<typeof deepLink>

const id = z.string().min(1).max(200)
const label = z.string().max(200)

/** The window's commands as the system's menu shows them. */
export const shellMenu = z
  .array(
    z.strictObject({
      label,
      items: z
        .array(
          z.strictObject({
            id,
            label,
            /** With a modifier only: a letter alone would be taken from every field. */
            accelerator: z
              .string()
              .regex(/^CmdOrCtrl\+[A-Z0-9,]$/)
              .nullable(),
            isEnabled: z.boolean(),
          }),
        )
        .max(60),
    }),
  )
  .max(8)
export type ShellMenu = z.infer<typeof shellMenu>

/** What the shell shows outside the window; the tray is absent while it is null. */
export const presentation = z.strictObject({
  menu: shellMenu,
  tray: z.strictObject({ tooltip: label, items: z.array(z.strictObject({ id, label })).max(20) }).nullable(),
})
export type Presentation = z.infer<typeof presentation>

/** What happened outside the window and is for it. */
export const shellEvent = z.discriminatedUnion('kind', [
  /** An item of the menu or the tray, by its id. */
  z.strictObject({ kind: z.literal('chosen'), id }),
  z.strictObject({ kind: z.literal('link'), link: deepLink }),
  /** A folder that was opened with Hearth: it fills in the deploy form. */
  z.strictObject({ kind: z.literal('folder'), path: z.string().min(1).max(4096) }),
  /** A `hearth://` link that Hearth does not know, shortened. */
  z.strictObject({ kind: z.literal('bad-link'), text: z.string().max(200) }),
])
export type ShellEvent = z.infer<typeof shellEvent>

export const calls = {
  /** Nothing to see of it in a browser tab, which has neither menu nor tray of its own. */
  'shell.present': call(presentation, z.strictObject({})),
} as const

export const streams = {
  /** Bytes are ShellEvents, one JSON a line, until cancelled; what happened before somebody listened comes first. */
  'shell.events': stream(z.strictObject({}), z.strictObject({})),
} as const
