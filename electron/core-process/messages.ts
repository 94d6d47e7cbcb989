import { z } from 'zod'
import { presentation, shellEvent } from '../bridge/contract-shell.ts'
import { call } from '../bridge/define.ts'

const nothing = z.strictObject({})
/** A ledger key in base64 with room to spare: the port is for keys, not for what they encrypt. */
const secretText = z.string().max(1024)
const sealedBytes = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.length <= 64 * 1024,
  'must be bytes, and not more than a key takes',
)

/**
 * Everything that the core may ask of the shell. The core runs in a process without Electron's API, and what only Electron
 * can do is done here: a name, checked parameters, a checked result.
 */
export const shellCalls = {
  /** The operating system's key store; `obstacle` is a sentence on why there is none. */
  'vault.find': call(nothing, z.strictObject({ isThere: z.boolean(), obstacle: z.string().nullable() })),
  'vault.seal': call(z.strictObject({ text: secretText }), sealedBytes),
  'vault.unseal': call(
    z.strictObject({ sealed: sealedBytes }),
    z.strictObject({ text: secretText, isStale: z.boolean() }),
  ),
  /** The chosen folder's path; null when the user cancelled. */
  'dialogs.chooseFolder': call(nothing, z.string().nullable()),
  'links.open': call(z.strictObject({ url: z.string().max(8192) }), nothing),
  /** The menu and the tray as they are from now on. */
  'shell.present': call(presentation, nothing),
} as const

export type ShellCalls = typeof shellCalls
export type ShellCallName = keyof ShellCalls
export type ShellParameters<N extends ShellCallName> = z.output<ShellCalls[N]['parameters']>
export type ShellResult<N extends ShellCallName> = z.output<ShellCalls[N]['result']>

/** An answer for everything that the core may ask. */
export type ShellAnswers = {
  readonly [N in ShellCallName]: (parameters: ShellParameters<N>) => Promise<ShellResult<N>> | ShellResult<N>
}

const id = z.number().int().positive()
const names = Object.keys(shellCalls) as [ShellCallName, ...ShellCallName[]]

/** What the shell sends to the core. */
export const toCore = z.discriminatedUnion('kind', [
  /** Once, first. `previousEnd` says how the core before this one ended, when that was not on purpose. */
  z.strictObject({ kind: z.literal('start'), previousEnd: z.string().nullable() }),
  /** A window wants the bridge; its port comes with the message. */
  z.strictObject({ kind: z.literal('window') }),
  z.strictObject({ kind: z.literal('answer'), id, result: z.unknown() }),
  z.strictObject({ kind: z.literal('refusal'), id, message: z.string() }),
  /** For the window, when there is one. */
  z.strictObject({ kind: z.literal('event'), event: shellEvent }),
  z.strictObject({ kind: z.literal('close') }),
])
export type ToCore = z.infer<typeof toCore>

/** What the core sends to the shell. */
export const toShell = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ask'), id, name: z.enum(names), parameters: z.unknown() }),
  /** The core is open and serves windows. */
  z.strictObject({ kind: z.literal('ready') }),
])
export type ToShell = z.infer<typeof toShell>
