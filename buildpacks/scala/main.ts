import { renderJvmEnvironment } from '../jvm/environment.ts'
import { askJava, chooseJavaLayers, requireJava } from '../jvm/layers.ts'
import { writeJvmProfile } from '../jvm/profile.ts'
import { type Build, removeLeftovers } from '../lib/build.ts'
import { runBuildpack } from '../lib/buildpack.ts'
import { runOwnStep } from '../lib/own-step.ts'
import { reportRuntimes } from '../lib/runtime.ts'
import { scalaFailures } from './failures.ts'
import { chooseProcesses, removeCompiled } from './processes.ts'
import { readSbtVersion, renderLauncherLayer, runSbt } from './sbt.ts'

async function compile(build: Build): Promise<void> {
  const java = await requireJava()
  await runOwnStep(build, 'bin/pre_compile', scalaFailures)
  await runSbt(build, java)
  await runOwnStep(build, 'bin/post_compile', scalaFailures)
  await removeCompiled(build.app)
  await removeLeftovers(build, ['.ivy2', '.sbt', '.coursier', '.java'])
  await writeJvmProfile(build, 'scala')
}

await runBuildpack({
  name: 'scala',
  async chooseLayers(source) {
    await readSbtVersion(source)
    return chooseJavaLayers(source, null, [renderLauncherLayer(source)])
  },
  renderEnvironment: renderJvmEnvironment,
  compile,
  chooseProcesses,
  startAdvice: 'a Procfile with a line such as `web: target/universal/stage/bin/app -Dhttp.port=$PORT`',
  async report(source) {
    const java = await askJava()
    return {
      ...reportRuntimes(),
      ...(java ? { java_version: java } : {}),
      sbt_version: await readSbtVersion(source),
    }
  },
})
