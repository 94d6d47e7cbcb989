// npm run bench -- build: how long the whole product takes to build from sources, and how big it gets.
import { globSync, statSync } from 'node:fs'
import path from 'node:path'
import { root } from '../tooling/repository.ts'
import { runProgram } from '../tooling/step.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { round, summarize } from './figures/statistics.ts'

export async function bench({ runs, say, signal }: BenchContext): Promise<Figures> {
  const samples: number[] = []
  for (let run = 0; run < (runs ?? 5); run += 1) {
    const started = performance.now()
    const { status, output } = await runProgram(process.execPath, ['esbuild.config.ts'], signal)
    if (status !== 0) throw new Error(`The build failed:\n${output}`)
    samples.push(performance.now() - started)
    say(`build ${run + 1}: ${samples.at(-1)?.toFixed(0)} ms`)
  }
  const size = (folder: string) => round(sumSizes(path.join(root, 'dist', folder)) / 1e6)
  const sizes = { agent_mb: size('agent'), desktop_mb: size('electron'), renderer_mb: size('renderer') }
  return { ...summarize(samples, 'ms'), ...sizes }
}

function sumSizes(folder: string): number {
  const files = globSync('**/*', { cwd: folder }).filter((file) => !file.endsWith('.map'))
  return files.reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0)
}
