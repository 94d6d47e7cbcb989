import { z } from 'zod'

/** A config var's name: what a shell can export. */
export const configVarName = z
  .string()
  .max(255)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and underscores and not start with a digit')

/** All config vars of an app or of one release. */
export const configVars = z.record(configVarName, z.string())
export type ConfigVars = z.infer<typeof configVars>

/** Null unsets. A value is at most 64 KiB, all values of an app together 256 KiB. */
export const configVarsUpdate = z.record(configVarName, z.string().max(65_536).nullable())
export type ConfigVarsUpdate = z.infer<typeof configVarsUpdate>
