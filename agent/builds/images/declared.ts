import type { z } from 'zod'

/** How a file of a source is read in which it says how it is built. */
export interface DeclaredFormat<T> {
  /** As people call it: `YAML`. */
  readonly name: string
  readonly parse: (text: string) => unknown
  readonly schema: z.ZodType<T>
  /** Makes the error of what is wrong with the file. */
  readonly refuse: (why: string) => Error
}

/** Throws what `refuse` makes of the first thing that is wrong. */
export function readDeclared<T>(text: string, { name, parse, schema, refuse }: DeclaredFormat<T>): T {
  let read: unknown
  try {
    read = parse(text)
  } catch (error) {
    throw refuse(`it is no ${name}: ${(error as Error).message.split('\n')[0]}`)
  }
  const parsed = schema.safeParse(read)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw refuse(`${issue?.path.join('.') || 'the file'}: ${issue?.message}`)
}

/** A path that such a file names, in its shortest form; null for one that leads out of the source. */
export function readSourcePath(named: string): string | null {
  const parts = named.split('/').filter((part) => part !== '' && part !== '.')
  return named.startsWith('/') || parts.includes('..') || parts.length === 0 ? null : parts.join('/')
}
