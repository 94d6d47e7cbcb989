import type { ConfigVars, ConfigVarsUpdate } from '../../contract/apps/config-vars.ts'
import { HearthError } from '../../contract/errors.ts'
import { limits } from '../limits.ts'

export interface ConfigVarsChange {
  readonly configVars: ConfigVars
  /** Names whose value is new or another one. */
  readonly set: readonly string[]
  readonly removed: readonly string[]
}

/** What an edit makes of the config vars; names that keep their value, or remove what isn't there, change nothing. */
export function changeConfigVars(current: ConfigVars, update: ConfigVarsUpdate): ConfigVarsChange {
  const next = new Map(Object.entries(current))
  const set: string[] = []
  const removed: string[] = []
  for (const [name, value] of Object.entries(update)) {
    if (value === null) {
      if (next.delete(name)) removed.push(name)
    } else if (next.get(name) !== value) {
      next.set(name, value)
      set.push(name)
    }
  }
  const configVars = Object.fromEntries(next)
  refuseTooLarge(configVars)
  return { configVars, set, removed }
}

function refuseTooLarge(configVars: ConfigVars): void {
  const encoder = new TextEncoder()
  let sizeBytes = 0
  for (const [name, value] of Object.entries(configVars)) {
    if (value.includes('\0')) {
      throw new HearthError('invalid_params', `The config var ${name} holds a zero byte, which no program can receive.`)
    }
    const valueBytes = encoder.encode(value).byteLength
    if (valueBytes > limits.configVarBytes) {
      const limit = `${limits.configVarBytes / 1024} KiB`
      throw new HearthError('invalid_params', `The config var ${name} has ${valueBytes} bytes; ${limit} is the limit.`)
    }
    sizeBytes += encoder.encode(name).byteLength + valueBytes
  }
  if (sizeBytes > limits.configVarsBytes) {
    const limit = `${limits.configVarsBytes / 1024} KiB`
    throw new HearthError(
      'invalid_params',
      `The app's config vars would take ${sizeBytes} bytes; ${limit} is the limit.`,
    )
  }
}
