// npm test: everything that can run on this machine, in order, and one closing line with the sum of all tests.
import path from 'node:path'
import vitestConfig from '../../vitest.config.ts'
import { makeStaticSteps } from './check-steps.ts'
import { runProgram, runSteps, type Step, type StepResult } from './step.ts'
import { findChromium } from './test-run/chromium.ts'
import { prepareDebian } from './test-run/debian-packages.ts'
import { describeMachine, planProjects } from './test-run/test-plan.ts'
import { addCounts, formatCounts, runVitest, type TestCounts } from './test-run/vitest-run.ts'

// Less than what a machine of continuous integration gives a job, so that the end is ours and told.
const wholeRunMs = 23 * 60_000

const isAllRequired = process.env.HEARTH_TEST_REQUIRE === 'all'
const signal = AbortSignal.timeout(wholeRunMs)
const counts: TestCounts[] = []
const failures: string[] = []
const unstable: string[] = []
/** Failures that are no test's: a lint step, a build, a project that should have run. */
let otherFailures = 0

const packages = prepareDebian(console.log)
const machine = describeMachine(packages, findChromium())

const projects = planProjects(
  listProjects().map(({ name }) => name),
  machine,
)
if (projects.some(({ name, leftOutBecause }) => name === 'client' && leftOutBecause === null)) beginInstallingClients()
// Both at once: what is checked without running takes one processor for a while.
await Promise.all([runAll(makeStaticSteps()), buildAndTest()])
finish()

async function buildAndTest(): Promise<void> {
  const isBuilt = await runAll([buildStep()])
  const wanted = projects.filter(({ name, leftOutBecause }) => {
    const why = leftOutBecause ?? (isBuilt || name === 'unit' ? null : 'the build failed')
    if (why !== null) leaveOut(name, why)
    return why === null
  })
  console.log(`now    tests: ${wanted.map(({ name }) => name).join(', ')}`) // These take minutes and are silent until their end.
  await runAll([testStep(wanted.map(({ name }) => name))])
}

async function runAll(steps: Step[]): Promise<boolean> {
  const failed = (await runSteps(steps, signal)).filter(({ isPassed }) => !isPassed)
  otherFailures += failed.filter((result) => !isTestStep(result)).length
  return failed.length === 0
}

/** Their failures are in the counts already. */
function isTestStep({ name }: StepResult): boolean {
  return name === 'tests'
}

function buildStep(): Step {
  return {
    name: 'build',
    run: async () => {
      const { status, output } = await runProgram(process.execPath, ['esbuild.config.ts', '--if-stale'], signal)
      return { isPassed: status === 0, summary: '', details: output }
    },
  }
}

/** Waits for the network mostly. Whatever fails is told by the set-up of the client's tests, which does it again. */
function beginInstallingClients(): void {
  runProgram(process.execPath, ['test/client/install.ts'], signal).catch(() => {})
}

function testStep(projects: string[]): Step {
  return {
    name: 'tests',
    run: async () => {
      const outcome = await runVitest(projects, signal)
      counts.push(outcome.counts)
      failures.push(...outcome.failures)
      unstable.push(...outcome.unstable)
      if (outcome.isPassed) for (const name of findEmpty(projects, outcome.files)) leaveOut(name, 'it has no tests')
      return outcome
    },
  }
}

/** Tests that are gone are left out more quietly than any skipped one. */
function findEmpty(projects: string[], passed: string[]): string[] {
  const isIn = (file: string, globs: readonly string[]) => globs.some((glob) => path.matchesGlob(file, glob))
  return listProjects()
    .filter(({ name, include }) => projects.includes(name) && !passed.some((file) => isIn(file, include)))
    .map(({ name }) => name)
}

function listProjects(): { name: string; include: readonly string[] }[] {
  const projects = vitestConfig.test?.projects ?? []
  return projects.flatMap((one) =>
    typeof one === 'object' && 'test' in one && one.test?.name
      ? [{ name: `${one.test.name}`, include: one.test.include ?? [] }]
      : [],
  )
}

function leaveOut(project: string, reason: string): void {
  console.log(`${isAllRequired ? 'FAILED' : 'left out'} tests: ${project}: ${reason}`)
  if (isAllRequired) otherFailures += 1
}

function finish(): void {
  const sum = addCounts(counts)
  // Once more at the end, where whoever reads a long log looks first.
  for (const test of unstable) console.log(`unstable test, passed at the second try: ${test}`)
  for (const failure of failures) console.log(`FAILED test: ${failure}`)
  if (isAllRequired && sum.skipped > 0) console.log(`FAILED ${sum.skipped} tests were skipped, and all are required`)
  sum.failed += otherFailures
  if (sum.failed > 0 || (isAllRequired && sum.skipped > 0)) process.exitCode = 1
  console.log(`\n${formatCounts(sum)}`)
}
