import { describe, expect, it } from 'vitest'
import { chooseTasks, findGradleFloor, readBuildFiles } from '../../buildpacks/gradle/build-file.ts'
import { gradleFailures } from '../../buildpacks/gradle/failures.ts'
import { renderInit } from '../../buildpacks/gradle/gradle.ts'
import { chooseProcesses } from '../../buildpacks/gradle/processes.ts'
import { chooseJava } from '../../buildpacks/jvm/version.ts'
import { recogniseFailure } from '../../buildpacks/lib/failures.ts'
import { appOfEachTest } from './app-folder.ts'

const app = appOfEachTest()
const { write } = app

describe('a Gradle build', () => {
  it.each<[text: string, tasks: string]>([
    ["plugins { id 'java' }", 'build -x check'],
    ["plugins { id 'application' }", 'installDist'],
    ['plugins {\n  application\n  kotlin("jvm")\n}', 'installDist'],
    ["apply plugin: 'application'", 'installDist'],
    ["plugins { id 'application'; id 'com.gradleup.shadow' }", 'build -x check'],
    ["plugins { id 'org.springframework.boot'; id 'application' }", 'build -x check'],
    ['task stage(dependsOn: ["build"])', 'stage'],
    ['tasks.register("stage") { dependsOn("installDist") }', 'stage'],
  ])('of %j runs %s', (text, tasks) => {
    expect(chooseTasks(text, new Map())).toEqual(tasks.split(' '))
    expect(chooseTasks(text, new Map([['GRADLE_TASK', 'shadowJar -q']]))).toEqual(['shadowJar', '-q'])
  })

  it('is read with its modules, without what is commented out', async () => {
    const text = await readBuildFiles(
      await write({
        'settings.gradle.kts': 'include(":api", "web:site")\n',
        'api/build.gradle': 'one\n// two\n',
        'web/site/build.gradle.kts': 'three',
      }),
    )
    expect(text).toMatch(/one[\s\S]*three/)
    expect(text).not.toContain('two')
  })

  it.each([
    ['java { toolchain { languageVersion = JavaLanguageVersion.of(11) } }', '11.0.32'],
    ['kotlin { jvmToolchain(17) }', '17'],
    ["sourceCompatibility = '11'", '17'],
    ['java { sourceCompatibility = JavaVersion.VERSION_1_8 }', '17'],
    ['java { targetCompatibility = JavaVersion.VERSION_21 }', '21.0.12'],
    ['compilerOptions { jvmTarget.set(JvmTarget.JVM_25) }', '25.0.4'],
  ])('of %s has Java %s', (text, version) => {
    const floor = findGradleFloor(text)
    expect(floor).not.toBeNull()
    expect(chooseJava({ stack: 'debian-12', machine: null, wish: null, floor }).offer.version).toBe(version)
  })

  it('is turned to a mirror that the server names', () => {
    expect(renderInit('https://maven.example/all')).toContain("one.url = 'https://maven.example/all'")
  })

  it('that made a start script runs it, with the port where a framework takes one', async () => {
    const source = await write({
      'build.gradle': "implementation 'io.ktor:ktor-server-netty'",
      'build/install/shop/bin/shop': '',
      'build/install/shop/bin/shop.bat': '',
    })
    expect(await chooseProcesses(source)).toEqual([
      { type: 'web', command: 'build/install/shop/bin/shop -port=$PORT', guessedFrom: 'build/install/shop/bin/shop' },
    ])
  })
})

// What Gradle 4.4 and 8 print, shortened.
const download = `Downloading https://services.example.org/distributions/gradle-9.9-bin.zip

Exception in thread "main" java.io.FileNotFoundException: https://services.example.org/distributions/gradle-9.9-bin.zip`
const toolchain = `> Could not determine the dependencies of task ':compileJava'.
> No matching toolchains found for requested specification: {languageVersion=11, vendor=any, implementation=vendor-specific} for LINUX on x86_64.`
const plugin = `* What went wrong:
Plugin [id: 'com.example.none', version: '1.0'] was not found in any of the following sources:`
const missing = `> Could not resolve all files for configuration ':compileClasspath'.
   > Could not find com.example:none:1.0.
     Searched in the following locations:`
const insecure = `> Using insecure protocols with repositories, without explicit opt-in, is unsupported. Switch Maven repository 'maven(http://repo.example.com/m2)' to redirect to a secure protocol`
const variant = `> Could not resolve org.springframework.boot:spring-boot-gradle-plugin:3.5.7.
    > No matching variant of org.springframework.boot:spring-boot-gradle-plugin:3.5.7 was found. The consumer was configured to find a library for use during runtime, compatible with Java 11`

describe('a failed build of Gradle', () => {
  const fallback = { id: 'unknown', headline: 'It failed.', advice: 'Look above.' }
  it.each([
    ['Error: Could not find or load main class org.gradle.wrapper.GradleWrapperMain', 'gradle-wrapper-damaged', ''],
    ['Error: Invalid or corrupt jarfile /app/gradle/wrapper/gradle-wrapper.jar', 'gradle-wrapper-damaged', ''],
    ['Verification of Gradle distribution failed!', 'gradle-wrapper-checksum', ''],
    [download, 'gradle-wrapper-download', 'gradle-9.9-bin.zip'],
    ["Could not determine java version from '17.0.15'.", 'gradle-too-old', '17.0.15'],
    [
      "BUG! exception in phase 'semantic analysis' in source unit '_BuildScript_' Unsupported class file major version 65",
      'gradle-too-old',
      '65',
    ],
    [
      'Gradle requires JVM 17 or later to run. Your build is currently configured to use JVM 11.',
      'gradle-needs-java',
      'Java 17',
    ],
    [toolchain, 'gradle-toolchain', 'Java 11'],
    ["Task 'frobnicate' not found in root project 'shop'.", 'gradle-task-missing', 'frobnicate'],
    [plugin, 'gradle-plugin-missing', 'com.example.none'],
    [missing, 'gradle-dependency-missing', 'com.example:none:1.0'],
    [
      'Cannot resolve external dependency com.example:a:1 because no repositories are defined.',
      'gradle-repository-missing',
      'com.example:a:1',
    ],
    [insecure, 'gradle-repository-http', 'http://repo.example.com/m2'],
    [variant, 'gradle-variant', 'spring-boot-gradle-plugin:3.5.7'],
    [
      "Inconsistent JVM-target compatibility detected for tasks 'compileJava' (21) and 'compileKotlin' (17).",
      'gradle-kotlin-target',
      'compileJava',
    ],
    [
      "e: file:///app/src/main/kotlin/Main.kt:3:5 Unresolved reference 'prinln'.",
      'kotlin-compile',
      'Unresolved reference',
    ],
    [
      "Build file '/app/build.gradle' line: 5\n* What went wrong:\nCould not compile build file",
      'gradle-script-error',
      'line: 5',
    ],
    [
      "* Where:\nBuild file '/app/build.gradle' line: 10\n\n* What went wrong:\nA problem occurred evaluating root project 'small'.\n> Could not find method frobnicate() for arguments [a:b:1] on object of type",
      'gradle-method-missing',
      'frobnicate()',
    ],
    ['Could not find method compile() for arguments [a:b:1] on object', 'gradle-method-missing', 'compile()'],
    ["Resolved 'a:b:2' which is not part of the dependency lock state", 'gradle-lock-out-of-date', 'a:b:2'],
    [
      'There were failing tests. See the report at: file:///app/build/reports/tests/test/index.html',
      'gradle-tests-failed',
      '',
    ],
    [
      'Gradle build daemon disappeared unexpectedly (it may have been killed or may have crashed)',
      'gradle-daemon-gone',
      '',
    ],
    ['Main class name has not been configured and it could not be resolved', 'gradle-main-class', ''],
    [
      'Dependency verification failed for configuration\n  - On artifact gson-2.11.0.jar (com.google.code.gson:gson:2.11.0)',
      'gradle-verification',
      'gson-2.11.0.jar',
    ],
    ["Execution failed for task ':spotlessJavaCheck'.", 'gradle-style', ':spotlessJavaCheck'],
    [
      'Entry application.yml is a duplicate but no duplicate handling strategy has been set. Please refer to',
      'gradle-duplicate-files',
      'application.yml',
    ],
    ['Circular dependency between the following tasks:\n:classes\n\\--- :jar', 'gradle-circular', ':classes'],
    ['2 problems were found.\nConfiguration cache problems found in this build.', 'gradle-configuration-cache', ''],
    ['SDK location not found. Define a valid SDK location with an ANDROID_HOME variable', 'gradle-android', ''],
    ['/app/src/main/java/Main.java:3: error: cannot find symbol', 'java-symbol-missing', 'Main.java:3:'],
    ['error: invalid source release: 21', 'java-too-old', 'Java 21'],
  ])('%.60s... is %s', (output, id, part) => {
    const error = recogniseFailure({ status: 1, output }, gradleFailures, fallback)
    expect(error.id).toBe(id)
    expect(error.message).toContain(part)
  })
})
