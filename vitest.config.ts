import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Each project is one kind of test; `npm run check` runs `unit`, `npm test` runs them all.
const project = (
  name: string,
  include: string[],
  timeoutMs = 10_000,
  more: { maxWorkers?: number; globalSetup?: string } = {},
) => ({
  test: { name, include, testTimeout: timeoutMs, hookTimeout: timeoutMs, ...more },
})

// What runs on test servers waits a good part of its time. All of it runs as one, so that no project's last file is alone.
const maxWorkers = availableParallelism() + 1

export default defineConfig({
  test: {
    projects: [
      project(
        'unit',
        ['test/{agent,electron,renderer,buildpacks,contract,packaging,tooling}/**/*.test.{ts,tsx}'],
        10_000,
        {
          maxWorkers: availableParallelism(),
        },
      ),
      project('server', ['test/servers/**/*.test.ts', 'test/server/**/*.test.ts'], 300_000, { maxWorkers }),
      project('client', ['test/client/**/*.test.ts'], 120_000, { maxWorkers, globalSetup: 'test/client/setup.ts' }),
      project('e2e', ['test/e2e/**/*.test.ts'], 180_000, { maxWorkers }),
    ],
  },
})
