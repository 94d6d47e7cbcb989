import { renderJvmEnvironment } from '../jvm/environment.ts'
import { findFiles } from '../jvm/find-files.ts'
import { askJava, chooseJavaLayers, requireJava } from '../jvm/layers.ts'
import { writeJvmProfile } from '../jvm/profile.ts'
import { chooseJarProcess } from '../jvm/web-command.ts'
import { type Build, removeLeftovers } from '../lib/build.ts'
import { type DefaultProcess, runBuildpack } from '../lib/buildpack.ts'
import { printWarning } from '../lib/output.ts'
import { runOwnStep } from '../lib/own-step.ts'
import { reportRuntimes } from '../lib/runtime.ts'
import type { Source } from '../lib/source.ts'
import { runBuild, usesLein } from './compile.ts'
import { chooseSourceProcess } from './deps.ts'
import { clojureFailures } from './failures.ts'
import { leinLayer } from './lein.ts'
import { classPathFile } from './libraries.ts'
import { readProject } from './project.ts'

/** As on Heroku: the jar that the project names is the web process; another that can be started is a guess. */
async function chooseProcesses(source: Source): Promise<DefaultProcess[]> {
  const { uberjar } = await readProject(source)
  const [jar] = uberjar ? await findFiles(source.app, `target/{,*/}${uberjar}`) : []
  if (jar) return [{ type: 'web', command: `java $JAVA_OPTS -jar ${jar}`, guessedFrom: null }]
  const web = (await chooseJarProcess(source, 'target', '')) ?? (await chooseSourceProcess(source))
  return web ? [web] : []
}

async function compile(build: Build): Promise<void> {
  const java = await requireJava()
  await runOwnStep(build, 'bin/pre_compile', clojureFailures)
  await runBuild(build, java)
  await runOwnStep(build, 'bin/post_compile', clojureFailures)
  await removeLeftovers(build, ['.m2', '.lein', '.java', '.lein-deps-sum', '.cpcache', '.clojure'])
  await writeJvmProfile(
    build,
    'clojure',
    `export RING_ENV=\${RING_ENV:-production}\nexport LEIN_NO_DEV=\${LEIN_NO_DEV:-yes}\n`,
  )
  const [, tool] = /:.*\b(lein|clojure|clj)\s+-?\w/.exec((await build.read('Procfile')) ?? '') ?? []
  if (tool)
    printWarning(
      `The Procfile runs ${tool}, which a dyno does not have. Run the jar that the build makes: web: java $JAVA_OPTS -jar target/APP.jar` +
        (tool === 'lein'
          ? ''
          : `, or what it gathered: web: java $JAVA_OPTS -cp "$(cat ${classPathFile})" clojure.main -m NAMESPACE`),
    )
}

await runBuildpack({
  name: 'clojure',
  async chooseLayers(source) {
    await readProject(source)
    return chooseJavaLayers(source, null, usesLein(source) ? [leinLayer] : [])
  },
  renderEnvironment: renderJvmEnvironment,
  compile,
  chooseProcesses,
  startAdvice: 'a Procfile with a line such as `web: java $JAVA_OPTS -jar target/app.jar`',
  async report() {
    const java = await askJava()
    return { ...reportRuntimes(), ...(java ? { java_version: java } : {}) }
  },
})
