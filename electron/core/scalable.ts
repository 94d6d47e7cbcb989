import { type Formation, releaseType } from '../../agent/contract/dynos/formation.ts'

/** The process types that have dynos: the one that runs once a release is nothing to show beside them. */
export function scalable(formation: readonly Formation[]): Formation[] {
  return formation.filter(({ type }) => type !== releaseType)
}
