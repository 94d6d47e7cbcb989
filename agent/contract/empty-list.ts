import { z } from 'zod'
import { endpoint, type Needs } from './endpoint.ts'

/** A list of something that Hearth does not have, or not yet: clients ask for it in passing and go on when it is empty. */
export function emptyList<const Path extends string>(path: Path, needs: Needs<Path>) {
  return endpoint('GET', path, { needs, tier: 3, response: z.array(z.never()) })
}
