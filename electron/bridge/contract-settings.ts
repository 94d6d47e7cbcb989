import { z } from 'zod'
import { call } from './define.ts'

const plainValue = z.union([z.string(), z.number(), z.boolean()])

/** What an import of settings would change, or has changed. */
export const importPlan = z.strictObject({
  settings: z.array(
    z.strictObject({
      name: z.enum(['theme', 'terminalFontSize', 'singleKeys', 'notifiesEnds', 'showsTray']),
      from: plainValue,
      to: plainValue,
    }),
  ),
  pins: z.array(z.strictObject({ serverId: z.string(), appId: z.string() })),
  renames: z.array(z.strictObject({ serverId: z.string(), from: z.string(), to: z.string() })),
  /** Of the file, not known here: `root@box.example.net:22`. An import adds none: somebody has to confirm the key of each. */
  unknownServers: z.array(z.strictObject({ name: z.string(), address: z.string() })),
})
export type ImportPlan = z.infer<typeof importPlan>

/** A file of settings is some kilobytes. */
const text = z.string().max(1_000_000)

export const calls = {
  /** The text of a file: switches, pins, and servers by name and address; never a key, a token or a config var. */
  'settings.export': call(z.strictObject({}), z.strictObject({ name: z.string(), text: z.string() })),
  /** What importing that text would change; changes nothing. */
  'settings.planImport': call(z.strictObject({ text }), importPlan),
  /** Changes it, and says what. */
  'settings.import': call(z.strictObject({ text }), importPlan),
} as const
