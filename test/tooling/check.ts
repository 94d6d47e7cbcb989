// npm run check: everything that must be green at every commit.
import { spawnSync } from 'node:child_process'

const steps: [name: string, command: string[]][] = [
  ['format and lint', ['biome', 'ci', '--error-on-warnings', '.']],
  ['types', ['tsc', '--noEmit']],
  ['unit tests', ['vitest', 'run', '--project', 'unit', '--passWithNoTests']],
]

for (const [name, [program = '', ...parameters]] of steps) {
  console.log(`== ${name}`)
  const { status } = spawnSync(program, parameters, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
