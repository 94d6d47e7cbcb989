import { rm } from 'node:fs/promises'
import path from 'node:path'
import { findFiles } from '../jvm/find-files.ts'
import { stampJar } from '../jvm/jar.ts'
import { forgetInstalled, prepareDownloads } from '../jvm/repository.ts'
import type { Build } from '../lib/build.ts'
import { runOwnStep } from '../lib/own-step.ts'
import type { Source } from '../lib/source.ts'
import { prepareCli } from './cli.ts'
import { runDeps } from './deps.ts'
import { clojureFailures } from './failures.ts'
import { renderLeinEnvironment, runLein } from './lein.ts'
import { writeLeinMirrors } from './mirrors.ts'

/** project.clj counts more, as on Heroku. */
export const usesLein = ({ names }: Pick<Source, 'names'>): boolean => names.has('project.clj')

/** bin/build, else Leiningen, else tools.deps. */
export async function runBuild(build: Build, java: string): Promise<void> {
  // The virtual machine's home is in the cache, and Maven's repository, where both keep what they download, in that.
  const repository = path.join(build.cache, 'home/.m2/repository')
  await prepareDownloads(repository, `the stack ${build.stack}`)
  const isLein = usesLein(build)
  const own = await build.read('bin/build')
  const cli = isLein && !/\bclj(?:ure)?\b/.test(own ?? '') ? null : await prepareCli(build)
  const lein = isLein ? await renderLeinEnvironment(build) : {}
  const mirrors = isLein ? await writeLeinMirrors(build) : null
  if (own !== null)
    await runOwnStep(build, 'bin/build', clojureFailures, { environment: { ...lein, ...cli?.environment } })
  else if (isLein) await runLein(build, java, lein)
  else if (cli) await runDeps(build, cli, java)
  if (mirrors !== null) await rm(mirrors)
  await forgetInstalled(repository)
  // Neither tool can do so itself.
  for (const name of await findFiles(build.app, 'target/{,uberjar/}*.jar')) await stampJar(path.join(build.app, name))
}
