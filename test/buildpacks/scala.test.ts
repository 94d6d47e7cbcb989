import { rm } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { recogniseFailure } from '../../buildpacks/lib/failures.ts'
import { scalaFailures } from '../../buildpacks/scala/failures.ts'
import { chooseProcesses, removeCompiled } from '../../buildpacks/scala/processes.ts'
import { chooseTasks, readSbtVersion, renderLauncherLayer } from '../../buildpacks/scala/sbt.ts'
import { appOfEachTest } from './app-folder.ts'

const app = appOfEachTest()
const { write } = app

describe('the build of a Scala app', () => {
  it('is by the sbt that it names, and by none that it does not', async () => {
    const read = async (text: string) => readSbtVersion(await write({ 'project/build.properties': text }))
    expect(await read('# sbt\nsbt.version = 1.11.7\n')).toBe('1.11.7')
    await expect(read('')).rejects.toMatchObject({ id: 'sbt-version-missing' })
    await expect(read('sbt.version=0.13.18')).rejects.toMatchObject({ id: 'sbt-version-too-old' })
    expect(renderLauncherLayer(await write({ 'env/MAVEN_MIRROR_URL': 'https://maven.example/all/' }))).toMatch(
      /^build archive sbt \S+ sha256:\w{64} https:\/\/maven\.example\/all\/org\/scala-sbt\/sbt-launch\/\S+\.jar$/,
    )
  })

  it.each<[files: Record<string, string>, tasks: string]>([
    [{}, 'compile stage'],
    [{ 'env/SBT_PROJECT': 'web' }, 'web/compile web/stage'],
    [{ 'system.properties': 'sbt.project=web\nsbt.clean=true\n', 'env/SBT_TASKS': 'stage' }, 'clean web/stage'],
    [{ 'env/SBT_PRE_TASKS': 'flyway', 'system.properties': 'sbt.pre-tasks=other' }, 'flyway compile stage'],
  ])('of %j does %s', async (files, tasks) => {
    expect((await chooseTasks(await write({ 'build.sbt': '', ...files }))).join(' ')).toBe(tasks)
  })

  it('leaves what stage put together, and its only start script is the web process', async () => {
    const stage = 'web/target/universal/stage'
    const source = await write({
      [`${stage}/bin/shop`]: '',
      [`${stage}/bin/shop.bat`]: '',
      [`${stage}/lib/shop.jar`]: '',
      'web/target/scala-2.13/classes/A.class': '',
      'project/target/x': '',
    })
    await removeCompiled(app.path)
    expect(await chooseProcesses(source)).toEqual([
      { type: 'web', command: `${stage}/bin/shop -Dhttp.port=$PORT`, guessedFrom: null },
    ])
    await expect(rm(path.join(app.path, 'web/target/scala-2.13'), { recursive: true })).rejects.toThrow(/ENOENT/)
    await expect(rm(path.join(app.path, 'project/target'), { recursive: true })).rejects.toThrow(/ENOENT/)
    await write({ [`${stage}/bin/tool`]: '' })
    expect(await chooseProcesses(source)).toEqual([])
  })
})

// What sbt 1.11.7 with Scala 2.13.18 printed, shortened, and where it can't be made to say it here, others.
const error = '[error] sbt.librarymanagement.ResolveException: Error downloading'
const main = '[error] /app/src/main/scala/Main.scala'
const retrieve = `[error] [launcher] xsbt.boot.internal.shaded.coursier.error.ResolutionError$CantDownloadModule: Error downloading org.scala-sbt:sbt:1.99.0
  not found: https://repo.example.org/maven2/org/scala-sbt/sbt/1.99.0/sbt-1.99.0.pom
  download error: Caught java.net.UnknownHostException (repo.scala.example) while downloading https://repo.scala.example/x
[error] [launcher] could not retrieve sbt 1.99.0`
const plugin = `${error} com.github.sbt:sbt-native-packager;sbtVersion=1.0;scalaVersion=2.12:99.0
[error]   not found: https://repo.example.org/maven2/com/github/sbt/sbt-native-packager_2.12_1.0/99.0/sbt-native-packager-99.0.pom
[error]   download error: Caught java.net.UnknownHostException (repo.scala.example) while downloading https://repo.scala.example/x`
const eviction = `[error] (update) found version conflict(s) in library dependencies; some are suspected to be binary incompatible:
[error] 
[error] 	* org.scala-lang.modules:scala-xml_2.13:2.3.0 (early-semver) is selected over 1.3.0`

describe('a failed build of Scala', () => {
  const fallback = { id: 'unknown', headline: 'It failed.', advice: 'Look above.' }
  it.each([
    [retrieve, 'sbt-version-missing-there', 'sbt 1.99.0'],
    [plugin, 'sbt-plugin-missing', 'sbt-native-packager'],
    [`${error} org.scala-lang:scala-library:2.13.99`, 'sbt-scala-version-missing', 'Scala 2.13.99'],
    [`${error} com.google.code.gson:gson_2.13:2.3.0`, 'sbt-cross-version', 'gson_2.13:2.3.0'],
    [`${error} com.example:none:1.0\n[error]   Not found`, 'sbt-dependency-missing', 'com.example:none:1.0'],
    [eviction, 'sbt-eviction', 'scala-xml_2.13:2.3.0'],
    ['[error] Not a valid command: stage (similar: last-grep, set, last)', 'sbt-no-stage', ''],
    ['[error] Not a valid command: frobnicate', 'sbt-task-missing', 'frobnicate'],
    ['[error] Not a valid project ID: web', 'sbt-task-missing', 'web'],
    ['/app/build.sbt:4: error: not found: value JavaAppPackaging', 'sbt-plugin-not-enabled', 'JavaAppPackaging'],
    ['[error] [/app/build.sbt]:3: illegal start of simple expression', 'sbt-file-invalid', 'line 3: illegal start'],
    ['[error] No warnings can be incurred under -Werror.', 'scala-fatal-warnings', ''],
    ["[error] bad option: '-Xnothere'", 'scala-option-unknown', '-Xnothere'],
    ["[error] '21' is not a valid choice for '-release'", 'scala-release', 'Java 21'],
    [
      '[error] bad constant pool index: 0 at pos: 48454 [error] while compiling: <no file> java/lang/String',
      'scala-jdk-too-new',
      '',
    ],
    [`${main}:17:20: not found: value descripe`, 'scala-not-found', 'not found: value descripe'],
    [`${main}:1:12: object gson is not a member of package com.google`, 'scala-object-missing', 'object gson'],
    [`${main}:15:60: type mismatch;\n[error]  found   : Any`, 'scala-type-mismatch', 'Main.scala:15:60'],
    [`${main}:25:1: Unmatched closing brace '}' ignored here`, 'scala-compile', 'Unmatched closing brace'],
    [
      '[error] -- [E007] Type Mismatch Error: /app/src/main/scala/Main.scala:3:14 ---',
      'scala-type-mismatch',
      'Main.scala:3:14',
    ],
    ['[error] -- [E040] Syntax Error: /app/src/main/scala/Main.scala:9:2 ----', 'scala-compile', 'Main.scala:9:2'],
    ['[error] deduplicate: different file contents found in the following:', 'sbt-duplicate-files', ''],
    ['[error] (Test / test) sbt.TestsFailedException: Tests unsuccessful', 'sbt-tests-failed', ''],
    ['[info] waiting for lock on /c/sbt/boot/sbt.boot.lock to be available...', 'sbt-boot-lock', ''],
    ['java.lang.OutOfMemoryError: Metaspace', 'jvm-out-of-memory', 'Metaspace'],
    [
      '[error] Modules were resolved with conflicting cross-version suffixes in ProjectRef(file:/app/, root):\n[error]    org.typelevel:cats-core _3, _2.13',
      'sbt-cyclic-modules',
      'cats-core',
    ],
    [`${main}:4:9: value prinln is not a member of String`, 'scala-member-missing', 'value prinln'],
    [
      '[error] -- [E008] Not Found Error: /app/src/main/scala/Main.scala:4:9 ---',
      'scala-member-missing',
      'Main.scala:4:9',
    ],
    ['[error] -- [E006] Not Found Error: /app/src/main/scala/Main.scala:4:2 ---', 'scala-not-found', 'Main.scala:4:2'],
    [`${main}:4:9: could not find implicit value for parameter e: Encoder`, 'scala-implicit-missing', 'Encoder'],
    [
      '[error] /app/conf/routes:3:1: HTTP Verb (GET, POST, ...), include (->), comment (#) expected',
      'play-routes',
      'routes:3',
    ],
    ['[error] /app/app/views/index.scala.html:3:5: not found: value titel', 'scala-not-found', 'index.scala.html:3:5'],
  ])('%.60s... is %s', (output, id, part) => {
    const failure = recogniseFailure({ status: 1, output }, scalaFailures, fallback)
    expect(failure.id).toBe(id)
    expect(failure.message).toContain(part)
  })
})
