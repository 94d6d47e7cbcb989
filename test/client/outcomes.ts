// What became of each of the client's commands, by version: each test file leaves its part, and the end of the suite holds
// all of them against test/client/results.json, or writes that file anew (HEARTH_CLIENT_RESULTS=write).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import {
  type ClientResults,
  clientResults,
  readResults,
  resultsFile,
} from '../tooling/documents/compatibility/results.ts'
import { root } from '../tooling/repository.ts'
import { clientVersions } from './install-client.ts'

export type Outcomes = ClientResults['commands']

export function writeOutcomes(folder: string, file: string, outcomes: Outcomes): void {
  writeFileSync(path.join(folder, `${path.basename(file)}.json`), JSON.stringify(outcomes))
}

export async function judgeOutcomes(folder: string): Promise<void> {
  const files = readdirSync(folder)
  const seen = mergeOutcomes(files.map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Outcomes))
  await rm(folder, { recursive: true })
  const isWhole = files.length === listTestFiles().length
  if (process.env.HEARTH_CLIENT_RESULTS === 'write') {
    if (!isWhole) throw new Error(`${resultsFile} is written by a run of the whole suite only.`)
    const results = { versions: [...clientVersions], commands: seen }
    writeFileSync(path.join(root, resultsFile), `${JSON.stringify(clientResults.parse(results), null, 2)}\n`)
    return
  }
  const differing = compareOutcomes(seen, readResults()?.commands ?? {}, isWhole)
  if (differing.length > 0)
    throw new Error(
      `${resultsFile} is not what was seen; write it anew with HEARTH_CLIENT_RESULTS=write:\n${differing.join('\n')}`,
    )
}

/** A command passes a version when every test of it passes. */
export function mergeOutcomes(parts: readonly Outcomes[]): Outcomes {
  const merged: Outcomes = {}
  for (const [command, byVersion] of parts
    .flatMap((part) => Object.entries(part))
    .toSorted(([a], [b]) => (a < b ? -1 : 1)))
    for (const [version, outcome] of Object.entries(byVersion)) {
      merged[command] ??= {}
      const known = merged[command]
      if (known[version] !== 'failed') known[version] = outcome
    }
  return merged
}

/** Lines like `ps with 11.10.0: passed, recorded as failed`. What a partial run leaves out is no difference. */
export function compareOutcomes(seen: Outcomes, recorded: Outcomes, isWhole: boolean): string[] {
  const pairs = Object.entries(isWhole ? mergeOutcomes([recorded, seen]) : seen).flatMap(([command, byVersion]) =>
    Object.keys(byVersion).map((version) => [command, version] as const),
  )
  return pairs.flatMap(([command, version]) => {
    const [now, then] = [seen, recorded].map((outcomes) => outcomes[command]?.[version] ?? 'not run')
    return now === then ? [] : [`${command} with ${version}: ${now}, recorded as ${then}`]
  })
}

function listTestFiles(): string[] {
  return readdirSync(path.join(import.meta.dirname, 'commands')).filter((name) => name.endsWith('.test.ts'))
}
