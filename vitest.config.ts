import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'
import { isAllAsked } from './test/tooling/scope.ts'

// Tests wait a good part of their time: for machines, browsers, processes. `npm test` runs all projects as one, in the order of
// their names, so that the short files of the unit tests fill the workers at the end.
const maxWorkers = availableParallelism() + 1

// Files that only `npm run test:all` runs are named `*.all.test.ts`: they are no skipped tests, which CI does not allow.
const exclude = [...configDefaults.exclude, ...(isAllAsked ? [] : ['**/*.all.test.ts'])]

// Of `expect.poll`, whose usual second is over soon on a machine that does much else; whoever passes takes no more than it needs.
const polling = { poll: { timeout: 20_000 } }

// Each project is one kind of test; `npm run check` runs `unit`, `npm test` runs them all.
const project = (name: string, include: string[], timeoutMs: number, more: { globalSetup?: string } = {}) => ({
  test: {
    name,
    include,
    exclude,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    maxWorkers,
    expect: polling,
    ...more,
  },
})

export default defineConfig({
  test: {
    projects: [
      project(
        'unit',
        ['test/{agent,electron,renderer,buildpacks,contract,packaging,tooling}/**/*.test.{ts,tsx}'],
        30_000,
      ),
      // What only `npm run test:all` runs builds whole frameworks, on a machine that may do much else.
      project('server', ['test/servers/**/*.test.ts', 'test/server/**/*.test.ts'], isAllAsked ? 1_800_000 : 300_000),
      project('client', ['test/client/**/*.test.ts'], 120_000, { globalSetup: 'test/client/setup.ts' }),
      project('e2e', ['test/e2e/**/*.test.ts'], 180_000),
    ],
  },
})
