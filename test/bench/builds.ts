// npm run bench -- builds: an app of each language on a test server: its build the first time and after a changed file, its slug, and
// the layers under its dynos. Beside it, where HEARTH_TEST_BUILDPACKS names them (test/server/builds/heroku-buildpacks.ts), the same app
// built by Heroku's own buildpack: heroku_<language>. HEARTH_BENCH_ONLY=go,python picks some; what is not picked and does not build
// here, for want of its package index, is left out and said.
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type HerokuServer, herokuBuildpacks, openHerokuBuildpacks } from '../server/builds/heroku-buildpacks.ts'
import {
  type LanguageApp,
  type LanguageServer,
  openLanguageServer,
} from '../server/builds/languages/deploy-language.ts'
import { openGradleMirror } from '../server/builds/mirrors/gradle-distribution.ts'
import { openGems } from '../server/builds/mirrors/open-gems.ts'
import { agentOf } from '../server/security/run-in-app.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { median, round } from './figures/statistics.ts'

/** A language's fixture app. */
const apps: Record<string, string> = {
  node: 'node-express-like',
  python: 'python-flask',
  ruby: 'ruby-sinatra',
  php: 'php-composer',
  java: 'java-spring',
  gradle: 'gradle-small',
  scala: 'scala-small',
  clojure: 'clojure-small',
  go: 'go-small',
  static: 'static-pages',
}
const only = process.env.HEARTH_BENCH_ONLY?.split(',')
const defaultRuns = 3

export async function bench(context: BenchContext): Promise<Figures> {
  const server = await openLanguageServer()
  context.onEnd(() => server[Symbol.asyncDispose]())
  const heroku = herokuBuildpacks === null ? null : await openHerokuBuildpacks(server, herokuBuildpacks)
  if (heroku) context.onEnd(() => heroku[Symbol.asyncDispose]())
  const figures: Figures = {}
  for (const [language, fixture] of Object.entries(apps)) {
    if (only && !only.includes(language)) continue
    context.signal.throwIfAborted()
    const prepare = await findPreparation(context, server, language)
    Object.assign(figures, await measure(context, server, { name: language, fixture, prepare }))
    if (heroku === null || (language !== 'node' && language !== 'go')) continue
    const useHeroku = (app: LanguageApp) => (heroku as HerokuServer).use(app, language)
    Object.assign(figures, await measure(context, server, { name: `heroku_${language}`, fixture, prepare: useHeroku }))
  }
  return figures
}

/** What an app needs that neither its fixture nor an index which each machine reaches has. */
async function findPreparation(
  context: BenchContext,
  server: LanguageServer,
  language: string,
): Promise<Subject['prepare']> {
  switch (language) {
    case 'gradle': {
      const mirror = await openGradleMirror(server)
      context.onEnd(() => mirror[Symbol.asyncDispose]())
      return mirror.prepare
    }
    case 'ruby': {
      const gems = await openGems(server.hearth)
      context.onEnd(() => gems[Symbol.asyncDispose]())
      return (app) => app.set({ BUNDLE_MIRROR__ALL: gems.url })
    }
    default:
      return async () => {}
  }
}

interface Subject {
  readonly name: string
  readonly fixture: string
  prepare(app: LanguageApp): Promise<void>
}

async function measure(context: BenchContext, server: LanguageServer, subject: Subject): Promise<Figures> {
  const { say, runs } = context
  const { name } = subject
  const app = await server.open(subject.fixture)
  await subject.prepare(app)
  const first = await app.deploy()
  if (first.state !== 'succeeded') {
    if (only) throw new Error(`${name}: ${first.error}\n${first.output}`)
    say(`${name} is left out: ${first.error}`)
    return {}
  }
  const again: number[] = []
  for (let run = 1; run <= (runs ?? defaultRuns); run += 1) {
    await writeFile(path.join(app.folder, 'notes.txt'), `changed ${run} times\n`)
    const { state, stageMs, error } = await app.deploy()
    if (state !== 'succeeded') throw new Error(`${name}: ${error}`)
    again.push(stageMs.build ?? 0)
  }
  const figures = {
    [`${name}_first_ms`]: round(first.stageMs.build ?? 0),
    [`${name}_second_ms`]: round(median(again)),
    [`${name}_slug_mb`]: round((await measureSlug(server, app)) / 1e6),
    [`${name}_layers_mb`]: round((await measureLayers(server, app)) / 1e6),
  }
  say(JSON.stringify(figures))
  return figures
}

/** The archive as it is kept and sent; it is written while the app runs already. */
async function measureSlug({ hearth: { desktop } }: LanguageServer, app: LanguageApp): Promise<number> {
  const agent = agentOf(desktop)
  const [latest] = await desktop.calls['releases.list'](desktop.of(app.name))
  const id = latest?.release?.slug?.id ?? ''
  for (;;) {
    const { size } = await agent.call('getSlug', { app: app.name, slug: id })
    if (size !== null) return size
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** What lies between slug and stack in the root of the app's dyno; two apps with the same layer share it. */
async function measureLayers({ hearth: { desktop, server } }: LanguageServer, app: LanguageApp): Promise<number> {
  const found = await desktop.calls['apps.get'](desktop.of(app.name))
  const script = `cd /run/hearth/dynos && folder=$(grep -l '"appId": *"${found.app.id}"' */dyno.json | head -n 1 | xargs dirname)
    grep " /run/hearth/dynos/$folder/root " /proc/mounts | grep -o '/var/lib/hearth/layers/[^:,]*' | sort -u | xargs --no-run-if-empty du -sxc --block-size=1 | tail -n 1`
  const { stdout } = await server.exec(['bash', '-c', script])
  return Number.parseInt(stdout, 10) || 0
}
