// Runs projects of vitest and reads what happened from its JSON report, never from its prose.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root } from '../repository.ts'
import { type Outcome, runTool } from '../step.ts'

export interface TestCounts {
  passed: number
  failed: number
  skipped: number
}

/** The part of vitest's (and jest's) JSON report that is read here. */
export interface VitestReport {
  testResults: {
    name: string
    status: string
    message?: string
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[]
  }[]
}

export interface VitestOutcome extends Outcome {
  counts: TestCounts
  /** Names of the tests that failed, and of files that could not be loaded. */
  failures: string[]
  /** Tests that failed at first and passed at the second try: each is a defect to be found. */
  unstable: string[]
  /** Those in which a test passed, from the repository's root. */
  files: string[]
}

export async function runVitest(projects: readonly string[], signal: AbortSignal): Promise<VitestOutcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-test-'))
  try {
    const file = path.join(folder, 'report.json')
    const selected = projects.map((project) => `--project=${project}`)
    // Real machines have moments; a test gets a second try, and whoever needed it is named in the sum.
    const parameters = ['run', ...selected, '--passWithNoTests', '--retry=1', '--reporter=default', '--reporter=json']
    const { status, output } = await runTool('vitest/vitest.mjs', [...parameters, `--outputFile.json=${file}`], signal)
    const report = await readReport(file)
    const counts = countTests(report, status)
    const skipped = listSkipped(report).map((name) => `skipped: ${name}`)
    const isPassed = status === 0 && counts.failed === 0
    const why = status === null ? 'The time for all tests was over, or vitest was killed.\n' : ''
    return {
      isPassed,
      summary: formatCounts(counts),
      details: [why + output, ...skipped].join('\n'),
      counts,
      failures: [...listFailures(report), ...(isPassed || sumOf(report).failed > 0 ? [] : listErrors(output))],
      unstable: listUnstable(report),
      files: listPassed(report),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function readReport(file: string): Promise<VitestReport | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as VitestReport
  } catch {
    return null // Killed or broken before it could write one; countTests makes that a failure.
  }
}

/** A file that cannot be loaded holds no failed test, and an error outside any test fails none: both count as one failure. */
export function countTests(report: VitestReport | null, status: number | null): TestCounts {
  const counts = sumOf(report)
  if (status !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

function sumOf(report: VitestReport | null): TestCounts {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 }
  for (const { status: fileStatus, assertionResults } of report?.testResults ?? []) {
    for (const test of assertionResults) {
      if (test.status === 'passed') counts.passed += 1
      else if (test.status === 'failed') counts.failed += 1
      else counts.skipped += 1
    }
    if (fileStatus === 'failed' && !assertionResults.some((test) => test.status === 'failed')) counts.failed += 1
  }
  return counts
}

/** A line each: the name and why. */
export function listFailures(report: VitestReport | null): string[] {
  return (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (status === 'failed' && failed.length === 0) return [`${path.basename(name)}: ${shorten(message)}`]
    return failed.map(({ fullName, failureMessages }) => `${fullName}: ${shorten(failureMessages?.[0])}`)
  })
}

/** A line each: the name and why it failed at first. */
export function listUnstable(report: VitestReport | null): string[] {
  const all = (report?.testResults ?? []).flatMap(({ assertionResults }) => assertionResults)
  return all
    .filter(({ status, failureMessages = [] }) => status === 'passed' && failureMessages.length > 0)
    .map(({ fullName, failureMessages }) => `${fullName}: ${shorten(failureMessages?.[0])}`)
}

/** An error outside every test, of a set-up say, stands in vitest's prose alone: a line each, some of them. */
export function listErrors(output: string): string[] {
  const lines = output.split('\n').filter((line) => /^\w*Error: \S/.test(line))
  return [...new Set(lines)].slice(0, 5).map((line) => `outside every test: ${shorten(line)}`)
}

/** In one line, without the places in the code. */
function shorten(text = ''): string {
  return (text.split(/\n\s*at /, 1)[0] ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, 500)
}

function listPassed(report: VitestReport | null): string[] {
  const files = (report?.testResults ?? []).filter(({ assertionResults }) =>
    assertionResults.some(({ status }) => status === 'passed'),
  )
  return files.map(({ name }) => path.relative(root, name))
}

export function listSkipped(report: VitestReport | null): string[] {
  const all = (report?.testResults ?? []).flatMap(({ assertionResults }) => assertionResults)
  return all.filter(({ status }) => status !== 'passed' && status !== 'failed').map(({ fullName }) => fullName)
}

export function addCounts(all: TestCounts[]): TestCounts {
  const sum: TestCounts = { passed: 0, failed: 0, skipped: 0 }
  for (const { passed, failed, skipped } of all) {
    sum.passed += passed
    sum.failed += failed
    sum.skipped += skipped
  }
  return sum
}

export function formatCounts({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
