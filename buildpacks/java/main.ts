import { rm } from 'node:fs/promises'
import path from 'node:path'
import { renderJvmEnvironment } from '../jvm/environment.ts'
import { askJava, chooseJavaLayers, requireJava } from '../jvm/layers.ts'
import { writeJvmProfile } from '../jvm/profile.ts'
import { type Build, removeLeftovers } from '../lib/build.ts'
import { type LayerChoice, runBuildpack } from '../lib/buildpack.ts'
import { isThere } from '../lib/copy-tree.ts'
import { printWarning } from '../lib/output.ts'
import { runOwnStep } from '../lib/own-step.ts'
import { reportRuntimes } from '../lib/runtime.ts'
import type { Source } from '../lib/source.ts'
import { javaFailures } from './failures.ts'
import { chooseMavenLayer, runMaven, usesWrapper } from './maven.ts'
import { findPomFloor } from './pom.ts'
import { chooseProcesses, explainNoWeb } from './processes.ts'

/** What Maven's plugins leave for their next run or to be looked at; no dyno reads it. */
const leftInTarget = ['maven-status', 'maven-archiver', 'generated-test-sources', 'test-classes', 'surefire-reports']

async function chooseLayers(source: Source): Promise<LayerChoice> {
  const maven = await chooseMavenLayer(source)
  const java = await chooseJavaLayers(source, await findPomFloor(source), maven.line ? [maven.line] : [])
  return { lines: java.lines, warnings: [...java.warnings, ...maven.warnings] }
}

async function compile(build: Build): Promise<void> {
  const java = await requireJava()
  await runOwnStep(build, 'bin/pre_compile', javaFailures)
  await runMaven(build, java)
  await runOwnStep(build, 'bin/post_compile', javaFailures)
  for (const name of leftInTarget) await rm(path.join(build.app, 'target', name), { recursive: true, force: true })
  await removeLeftovers(build, ['.m2', '.java'])
  await writeJvmProfile(build, 'java')
  const why = (await isThere(path.join(build.app, 'Procfile'))) ? null : await explainNoWeb(build)
  if (why) printWarning(why)
}

await runBuildpack({
  name: 'java',
  chooseLayers,
  renderEnvironment: renderJvmEnvironment,
  compile,
  chooseProcesses,
  startAdvice: 'a Procfile with a line such as `web: java $JAVA_OPTS -jar target/app.jar`',
  async report(source) {
    const java = await askJava()
    return {
      ...reportRuntimes(),
      ...(java ? { java_version: java } : {}),
      build_tool: (await usesWrapper(source)) ? 'mvnw' : 'maven',
    }
  },
})
