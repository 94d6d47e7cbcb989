import { z } from 'zod'

/** A resource's id: a UUID. */
export const id = z.uuid()
/** A moment, ISO 8601 in UTC. */
export const timestamp = z.iso.datetime()
/** SHA-256 in lower-case hexadecimal. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** An app's name: a DNS label, because it becomes a host name. */
export const appName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{1,28}[a-z0-9]$/,
    'must be 3 to 30 characters: lower-case letters, digits and dashes, starting with a letter',
  )
/** An app addressed by name or id. */
export const appIdentity = z.string().min(1).max(64)
/** A process type of the Procfile. */
export const processType = z.string().regex(/^[-\w]{1,128}$/, 'must be letters, digits, dashes and underscores')

export const appReference = z.strictObject({ id, name: z.string() })
export const idReference = z.strictObject({ id })
export const namedReference = z.strictObject({ id, name: z.string() })
/** Who did it: the SSH key's comment or the desktop's account as an e-mail-like name. */
export const userReference = z.strictObject({ id, email: z.string() })

/** Free text that people write: descriptions, versions. Bounded so that a row stays small. */
export const shortText = z.string().max(500)
