import type { BuildpackReport } from '../../core/ports/builder.ts'
import { type BuildPlace, readResult } from '../build-place.ts'
import type { DetectedPack } from './detect-buildpacks.ts'
import { parseReport } from './report-yaml.ts'

/** What the buildpacks said of this build, those that said nothing left out. */
export async function readReports(
  { results }: BuildPlace,
  packs: readonly DetectedPack[],
): Promise<readonly BuildpackReport[]> {
  const reports = packs.map(async ({ reference }, index) => ({
    buildpack: reference,
    facts: parseReport((await readResult(results, `${index}.report`)) ?? ''),
  }))
  return (await Promise.all(reports)).filter(({ facts }) => Object.keys(facts).length > 0)
}
