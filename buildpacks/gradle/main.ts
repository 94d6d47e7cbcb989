import { rm } from 'node:fs/promises'
import path from 'node:path'
import { renderJvmEnvironment } from '../jvm/environment.ts'
import { findFiles } from '../jvm/find-files.ts'
import { askJava, chooseJavaLayers, requireJava } from '../jvm/layers.ts'
import { writeJvmProfile } from '../jvm/profile.ts'
import { type Build, removeLeftovers } from '../lib/build.ts'
import { runBuildpack } from '../lib/buildpack.ts'
import { runOwnStep } from '../lib/own-step.ts'
import { reportRuntimes } from '../lib/runtime.ts'
import { findGradleFloor, readBuildFiles } from './build-file.ts'
import { gradleFailures } from './failures.ts'
import { runGradle } from './gradle.ts'
import { chooseProcesses } from './processes.ts'

/** What Gradle leaves for its next run or to be looked at; no dyno reads it. */
const leftInBuild = '{,*/}build/{tmp,reports,test-results,kotlin,distributions}'

async function compile(build: Build): Promise<void> {
  const java = await requireJava()
  await runOwnStep(build, 'bin/pre_compile', gradleFailures)
  await runGradle(build, java)
  await runOwnStep(build, 'bin/post_compile', gradleFailures)
  for (const name of await findFiles(build.app, leftInBuild))
    await rm(path.join(build.app, name), { recursive: true, force: true })
  await removeLeftovers(build, ['.gradle', '.m2', '.java'])
  await writeJvmProfile(build, 'gradle')
}

await runBuildpack({
  name: 'gradle',
  chooseLayers: async (source) => chooseJavaLayers(source, findGradleFloor(await readBuildFiles(source))),
  renderEnvironment: renderJvmEnvironment,
  compile,
  chooseProcesses,
  startAdvice: 'a Procfile with a line such as `web: java $JAVA_OPTS -jar build/libs/app.jar`',
  async report(source) {
    const java = await askJava()
    const wrapper = (await source.readNear('gradle/wrapper/gradle-wrapper.properties')) ?? ''
    const [, gradle] = /gradle-(\d[\w.]*?)-(?:bin|all)\.zip/.exec(wrapper) ?? []
    return {
      ...reportRuntimes(),
      ...(java ? { java_version: java } : {}),
      ...(gradle ? { gradle_version: gradle } : {}),
    }
  },
})
