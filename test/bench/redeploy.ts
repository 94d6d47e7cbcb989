// npm run bench -- redeploy: one changed file in an app of 1,000 files, from the order to deploy until the new release
// serves; on a test server over SSH, and on this computer.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type DeployStage, deployStages } from '../../electron/core/deploy/deploy-state.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { median, round, summarize } from './figures/statistics.ts'
import { openEmbedded, openInstalled, type Product } from './product.ts'

const files = 1000

export async function bench(context: BenchContext): Promise<Figures> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-redeploy-'))
  context.onEnd(() => rm(folder, { recursive: true, force: true }))
  await makeApp(folder)
  const embedded = await measure(await openEmbedded(context), folder, { ...context, prefix: 'embedded' })
  return { ...embedded, ...(await measure(await openInstalled(context), folder, { ...context, prefix: '' })) }
}

async function measure(
  product: Product,
  folder: string,
  { runs, say, prefix }: BenchContext & { prefix: string },
): Promise<Figures> {
  const label = (figure: string) => (prefix === '' ? figure : `${prefix}_${figure}`)
  const first = performance.now()
  await product.deploy('redeploy', folder)
  const firstMs = performance.now() - first
  const samples: number[] = []
  const sent: number[] = []
  const stages: Partial<Record<DeployStage, number>>[] = []
  for (let run = 0; run < (runs ?? 10); run += 1) {
    await writeFile(
      path.join(folder, 'lib/part-500.js'),
      `module.exports = ${JSON.stringify(`changed ${prefix} ${run}`)}\n`,
    )
    const started = performance.now()
    const deploy = await product.deploy('redeploy', folder)
    samples.push(performance.now() - started)
    sent.push(deploy.bytes.sent)
    stages.push(deploy.stageMs)
    say(`${label('redeploy')} ${run + 1}: ${samples.at(-1)?.toFixed(0)} ms, ${JSON.stringify(deploy.stageMs)}`)
  }
  const middle = (stage: DeployStage) => round(median(stages.map((one) => one[stage] ?? 0)))
  const ofStages = deployStages
    .filter((stage) => stage !== 'done')
    .map((stage) => [label(`${stage}_p50_ms`), middle(stage)] as const)
  return {
    [label('first_ms')]: round(firstMs),
    [label('sent_bytes')]: round(median(sent)),
    ...Object.fromEntries(ofStages),
    ...summarize(samples, 'ms', prefix),
  }
}

/** 997 modules of about a kilobyte beside what every app has. */
async function makeApp(folder: string): Promise<void> {
  const manifest = { name: 'redeploy', version: '1.0.0', private: true, scripts: { start: 'node server.js' } }
  const lock = {
    name: 'redeploy',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': { name: 'redeploy', version: '1.0.0' } },
  }
  await mkdir(path.join(folder, 'lib'))
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest))
  await writeFile(path.join(folder, 'package-lock.json'), JSON.stringify(lock))
  const server = `require('node:http').createServer((_, answer) => answer.end('hello')).listen(process.env.PORT)\n`
  await writeFile(path.join(folder, 'server.js'), server)
  for (let part = 0; part < files - 3; part += 1) {
    const text = `module.exports = ${JSON.stringify(`part ${part} `.repeat(100))}\n`
    await writeFile(path.join(folder, `lib/part-${part}.js`), text)
  }
}
