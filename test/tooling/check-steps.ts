// The steps of `npm run check`; `npm test` takes the static ones beside all the tests.

import { isSource, listFiles, readText, root } from './repository.ts'
import { findBoundaryBreaks } from './rules/boundaries.ts'
import { findLockFileFaults, type LockFile } from './rules/lock-file.ts'
import { findPrivateNames, readOwnHosts } from './rules/private-names.ts'
import { reportSizes } from './rules/sizes.ts'
import { readSourceFile, type SourceFile } from './rules/source-file.ts'
import { type Outcome, runTool, type Step } from './step.ts'
import { runVitest } from './test-run/vitest-run.ts'

export function makeCheckSteps(): Step[] {
  return [...makeStaticSteps(), { name: 'unit tests', run: (signal) => runVitest(['unit'], signal) }]
}

/** Those that run nothing of ours. */
export function makeStaticSteps(): Step[] {
  const files = listFiles()
  // Read within a step, which reports a file that cannot be parsed.
  const readSources = lazily(() => files.filter(isSource).map((file) => readSourceFile(file, readText(file))))
  return [
    { name: 'boundaries', run: async () => checkBoundaries(readSources()) },
    { name: 'sizes', run: async () => checkSizes(reportSizes(readSources())) },
    { name: 'lock file', run: async () => checkLockFile() },
    { name: 'private names', run: async () => checkPrivateNames(files) },
    {
      name: 'format and lint',
      run: (signal) =>
        checkWithTool('@biomejs/biome/bin/biome', ['ci', '--colors=off', '--error-on-warnings', '.'], signal),
    },
    { name: 'types', run: (signal) => checkWithTool('typescript/bin/tsc', ['--noEmit'], signal) },
  ]
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function checkBoundaries(sources: SourceFile[]): Outcome {
  return listFaults(sources.flatMap(findBoundaryBreaks).map(formatBreak), `${sources.length} files`)
}

function formatBreak({ rule, file, line, what }: { rule: string; file: string; line: number; what: string }): string {
  return `${file}:${line} ${what} (${rule})`
}

function listFaults(faults: string[], whenNone: string): Outcome {
  const summary = faults.length === 0 ? whenNone : `${faults.length} found`
  return { isPassed: faults.length === 0, summary, details: faults.join('\n') }
}

function checkSizes({ figures, lookAgain }: ReturnType<typeof reportSizes>): Outcome {
  const isPassed = figures.every(({ isKept }) => isKept)
  const details = figures.map(
    ({ name, value, limit, isKept }) => `${isKept ? 'ok    ' : 'FAILED'} ${name}: ${value} (limit ${limit})`,
  )
  const summary = figures.map(({ name, value }) => `${name}: ${value}`).join('; ')
  const list = lookAgain.map((one) => `       look again: ${one}`)
  // The list is the repository's own reminder, shown even while every limit is kept.
  return { isPassed, summary: [isPassed ? summary : 'over the limit', ...list].join('\n'), details: details.join('\n') }
}

/** Ours, and those that test/client installs the stock client from. */
const lockedFolders = ['', 'packaging/', 'test/client/heroku-11/', 'test/client/heroku-10/']

function checkLockFile(): Outcome {
  const checked = lockedFolders.map((folder) => {
    const lock = JSON.parse(readText(`${folder}package-lock.json`)) as LockFile
    const faults = findLockFileFaults(JSON.parse(readText(`${folder}package.json`)), lock)
    return { faults: faults.map((fault) => folder + fault), packages: Object.keys(lock.packages).length - 1 }
  })
  const faults = checked.flatMap((one) => one.faults)
  return listFaults(faults, `${checked.reduce((sum, { packages }) => sum + packages, 0)} packages`)
}

function checkPrivateNames(files: string[]): Outcome {
  const own = { hosts: readOwnHosts(process.env), folder: root }
  // Binary files hold no names that anybody reads, and samples in tests of this very check would find themselves.
  const read = files.filter(
    (file) => !/\.(png|ico|icns|woff2?|gz|zst|node)$|^test\/tooling\/rules\/private-names/.test(file),
  )
  return listFaults(
    read.flatMap((file) => findPrivateNames(file, readText(file), own)),
    `${read.length} files`,
  )
}

async function checkWithTool(script: string, parameters: string[], signal: AbortSignal): Promise<Outcome> {
  const { status, output } = await runTool(script, parameters, signal)
  return { isPassed: status === 0, summary: '', details: output }
}
