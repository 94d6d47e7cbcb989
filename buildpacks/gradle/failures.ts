import { javacFailures, jvmFailures } from '../jvm/failures.ts'
import type { KnownFailure } from '../lib/failures.ts'

/** What Gradle says of itself and its plugins. The more exact stands before the more general. */
const ownFailures: readonly KnownFailure[] = [
  {
    id: 'gradle-wrapper-damaged',
    pattern:
      /(?:Could not find or load main class|ClassNotFoundException:?) (org\.gradle\.wrapper\.GradleWrapperMain)|Error: Invalid or corrupt jarfile (\S*gradle-wrapper\.jar)/,
    headline: 'gradle/wrapper/gradle-wrapper.jar is missing or damaged.',
    advice:
      'Run `gradle wrapper` and commit it. .gitignore may name *.jar; git with line ends or LFS set for jars damages it.',
  },
  {
    id: 'gradle-wrapper-checksum',
    pattern: /Verification of Gradle distribution failed/,
    headline: 'The Gradle that the wrapper fetched is not the one whose digest it has.',
    advice:
      'Set distributionSha256Sum in gradle/wrapper/gradle-wrapper.properties anew if you changed the version. If not, do not use it.',
  },
  {
    id: 'gradle-wrapper-download',
    pattern:
      /Downloading (\S+)[\s\S]*(?:Exception in thread "main"|java\.io\.(?:IOException|FileNotFoundException)|UnknownHostException|Failed to download|timed out)/,
    headline: 'The wrapper could not fetch its Gradle from $1.',
    advice:
      'Check distributionUrl in gradle/wrapper/gradle-wrapper.properties and that the server reaches it; a mirror of your own can be named there.',
  },
  {
    id: 'gradle-too-old',
    pattern:
      /Could not determine java version from '([^']+)'|Unsupported class file major version (\d+)|Gradle \S+ does not support running (?:using|on) Java (\d+)/,
    headline: 'The Gradle of the wrapper is too old for this Java ($1).',
    advice:
      'Update it: `./gradlew wrapper --gradle-version 9.2`; or name an older Java in system.properties: java.runtime.version=17',
  },
  {
    id: 'gradle-needs-java',
    pattern: /Gradle requires (?:JVM|Java) (\d+) or later to run|requires at least JVM runtime version (\d+)/,
    headline: 'The Gradle of the wrapper, or a plugin, needs Java $1 or newer.',
    advice: 'Write it into system.properties, for example:\n  java.runtime.version=21',
  },
  {
    id: 'gradle-toolchain',
    pattern:
      /(?:No matching toolchains found for requested specification|Cannot find a Java installation on your machine[^\n]*?matching): ?\{?languageVersion=(\d+)/,
    headline: 'The build asks for a toolchain of Java $1, and this one is another.',
    advice: 'Write into system.properties: java.runtime.version=$1',
  },
  {
    id: 'gradle-task-missing',
    pattern: /Task '([^']+)' (?:not found|is ambiguous) in/,
    headline: "The build has no task '$1'.",
    advice: 'Correct the config var GRADLE_TASK, or add the task to the build file.',
  },
  {
    id: 'gradle-plugin-missing',
    pattern: /Plugin \[id: '([^']+)'[^\]]*\] was not found|Plugin with id '([^']+)' not found/,
    headline: 'No repository has the plugin $1.',
    advice:
      "Check its name and version, and that pluginManagement in settings.gradle names the repository that has it; Gradle's own is the default.",
  },
  {
    id: 'gradle-dependency-missing',
    pattern: /Could not find ([\w.-]+:[\w.-]+(?::[\w.-]*)?)\./,
    headline: 'No repository has $1.',
    advice:
      'Check its name and version. The repositories that were asked stand above: is the right one named, mavenCentral() say?',
  },
  {
    id: 'gradle-repository-missing',
    pattern: /Cannot resolve external dependency (\S+) because no repositories are defined/,
    headline: 'The build names no repository that could have $1.',
    advice: 'Add: repositories { mavenCentral() }',
  },
  {
    id: 'gradle-repository-http',
    pattern:
      /Using insecure protocols with repositories, without explicit opt-in, is unsupported[\s\S]*?(?:repository '[^']*\((http:[^)]+)\)')/,
    headline: 'The build names a repository by http, which Gradle refuses since 7: $1.',
    advice: 'Use its https address.',
  },
  {
    id: 'gradle-variant',
    pattern:
      /No matching variant of (\S+) was found|(?:Could not resolve|Cannot choose between[^\n]*variants of) ([\w.:-]+)[\s\S]*?(?:compatible with|requires at least) Java (?:\d+)/,
    headline: '$1 is for another Java than the one that the code is compiled for.',
    advice:
      'Raise the toolchain or sourceCompatibility to what it needs, and java.runtime.version in system.properties; or take an older version of it.',
  },
  {
    id: 'gradle-kotlin-target',
    pattern: /Inconsistent JVM[- ]target compatibility detected for tasks '(\S+)'|Unknown Kotlin JVM target: (\d+)/,
    headline: 'Kotlin and Java are compiled for different versions ($1).',
    advice: 'Give both the same one: kotlin { jvmToolchain(21) }',
  },
  {
    id: 'kotlin-compile',
    pattern: /^e: (?:file:\/\/)?(\S+\.kts?:(?:\d+:\d+|\s*\(\d+, \d+\):?) [^\n]+)/m,
    headline: '$1',
    advice: 'Correct it; the same build on your machine should say the same.',
  },
  {
    id: 'gradle-method-missing',
    pattern: /Could not find method (\w+\(\)) for arguments|Could not (?:get|set) unknown property '([^']+)'/,
    headline: "The build file uses '$1', which this Gradle or its plugins do not have.",
    advice:
      'compile became implementation in Gradle 7, and the like. Update the build file, or name the Gradle that it is for in the wrapper.',
  },
  {
    id: 'gradle-lock-out-of-date',
    pattern:
      /Resolved '([^']+)' which is not part of the dependency lock state|Did not resolve '([^']+)' which is part of the dependency lock state/,
    headline: 'The lock file of dependencies does not match the build: $1.',
    advice: 'Run `./gradlew dependencies --write-locks`, commit gradle.lockfile, then deploy again.',
  },
  {
    id: 'gradle-verification',
    pattern: /Dependency verification failed[\s\S]*?artifact (\S+)/,
    headline: '$1 is not the file whose digest gradle/verification-metadata.xml has.',
    advice: 'If you changed its version: `./gradlew --write-verification-metadata sha256`. If not, do not use it.',
  },
  {
    id: 'gradle-tests-failed',
    pattern: /There were failing tests/,
    headline: 'Tests failed, and so did the build.',
    advice:
      'They stand above. Tests are left out by default; a GRADLE_TASK that runs them can leave them out with: build -x test',
  },
  {
    id: 'gradle-style',
    pattern: /Execution failed for task '([^']*:(?:spotless\w*|checkstyle\w*|ktlint\w*|detekt\w*|pmd\w*|spotbugs\w*))'/,
    headline: 'The code breaks rules of style that the build checks ($1).',
    advice:
      'They stand above. Correct them (`./gradlew spotlessApply`), or leave the check out: GRADLE_TASK=build -x check.',
  },
  {
    id: 'gradle-duplicate-files',
    pattern: /Entry (\S+) is a duplicate but no duplicate handling strategy has been set/,
    headline: 'A file is put into the same archive twice: $1.',
    advice:
      'Say which counts: tasks.withType(Jar) { duplicatesStrategy = DuplicatesStrategy.EXCLUDE }, or leave one out.',
  },
  {
    id: 'gradle-circular',
    pattern: /Circular dependency between the following tasks:\s*(\S+)/,
    headline: 'Tasks wait for each other, $1 among them.',
    advice: 'They stand above. A dependsOn of the build file makes the circle.',
  },
  {
    id: 'gradle-configuration-cache',
    pattern: /Configuration cache problems found in this build|configuration cache cannot be reused because/,
    headline: 'A plugin of the build does not work with the configuration cache.',
    advice: 'Update it, or set org.gradle.configuration-cache=false in gradle.properties.',
  },
  {
    id: 'gradle-android',
    pattern: /SDK location not found|Failed to install the following Android SDK packages/,
    headline: 'The build wants the SDK of Android, which no build has.',
    advice: 'Leave the module of the Android app out of what a deploy builds: GRADLE_TASK=:server:installDist, say.',
  },
  {
    id: 'gradle-daemon-gone',
    pattern: /Gradle build daemon disappeared unexpectedly/,
    headline: 'The process that builds was ended, most likely for lack of memory.',
    advice:
      'Give it less in gradle.properties (org.gradle.jvmargs=-Xmx1g, org.gradle.workers.max=2), or raise the limit for builds.',
  },
  {
    id: 'gradle-main-class',
    pattern: /Main class name has not been configured|No value has been specified for property 'mainClass'/,
    headline: 'The build does not say which class starts the app.',
    advice: "Name it: application { mainClass = 'com.example.Main' }, or springBoot { mainClass = ... }",
  },
  // It names the line of all that is wrong with a build file, so of what stands above too.
  {
    id: 'gradle-script-error',
    pattern: /(?:build|settings) file '([^']+' line: \d+)/i,
    headline: "The build file is wrong: '$1.",
    advice:
      'What is wrong stands above. What a newer Gradle has removed is a likely one: `./gradlew build --warning-mode all` names it.',
  },
]

export const gradleFailures: readonly KnownFailure[] = [...ownFailures, ...jvmFailures, ...javacFailures]
