import type { BuildpackReport } from '../../core/ports/builds/builder.ts'
import { type BuildPlace, readResult } from '../build-place.ts'
import type { DetectedPack } from './detect-buildpack.ts'
import { parseReport } from './report-yaml.ts'

/** What is known of each buildpack in this build, and what it said itself; those without a word left out. */
export async function readReports(
  { results }: BuildPlace,
  packs: readonly DetectedPack[],
): Promise<readonly BuildpackReport[]> {
  const reports = packs.map(async ({ reference, facts, number }) => ({
    buildpack: reference,
    // Ours stand first, and no buildpack can say otherwise.
    facts: { ...facts, ...parseReport((await readResult(results, `${number}.report`)) ?? ''), ...facts },
  }))
  return (await Promise.all(reports)).filter(({ facts }) => Object.keys(facts).length > 0)
}
