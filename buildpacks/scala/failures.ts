import { javacFailures, jvmFailures } from '../jvm/failures.ts'
import type { KnownFailure } from '../lib/failures.ts'

/** What sbt says of itself and its plugins, and scalac of code. The more exact stands before the more general. */
const sbtFailures: readonly KnownFailure[] = [
  {
    id: 'sbt-version-missing-there',
    pattern: /could not retrieve sbt (\S+)|Error downloading org\.scala-sbt:sbt:(\S+)/,
    headline: 'sbt $1 is not to be had.',
    advice: 'Correct sbt.version in project/build.properties, for example 1.11.7.',
  },
  {
    id: 'sbt-plugin-missing',
    pattern:
      /Error downloading [\w.-]+:(\S+);(?:sbtVersion|scalaVersion)=|not found: \S*?\/((?:sbt-[\w-]+)_2\.12_1\.0)\//,
    headline: 'No repository has the plugin $1.',
    advice: 'Check its name and version in project/plugins.sbt; many plugins moved to com.github.sbt.',
  },
  {
    id: 'sbt-scala-version-missing',
    pattern:
      /Error downloading org\.scala-lang:(?:scala-(?:compiler|library)|scala3-compiler_3|scala3-library_3):(\S+)/,
    headline: 'There is no Scala $1.',
    advice: 'Correct scalaVersion in build.sbt.',
  },
  {
    id: 'sbt-cross-version',
    pattern: /Error downloading ([\w.-]+:[\w.-]+_(?:2\.1[0-3]|3):\S+)/,
    headline: 'No repository has $1.',
    advice:
      'Is there a version of it for this Scala? The ending (_2.13, _3) comes from %%; a library of Java is named with % alone.',
  },
  {
    id: 'sbt-dependency-missing',
    pattern: /Error downloading ([\w.-]+:\S+)|unresolved dependency: (\S+):/,
    headline: 'No repository has $1.',
    advice: 'Check its name and version in build.sbt, and that a resolver for it is named.',
  },
  {
    id: 'sbt-eviction',
    pattern:
      /found version conflict\(s\) in library dependencies; some are suspected to be binary incompatible[\s\S]*?\* (\S+) /,
    headline: 'Two versions of $1 are wanted that do not fit together.',
    advice:
      'sbt names above who wants which. Update the one that wants the older, or allow it: libraryDependencySchemes += ... % "always".',
  },
  {
    id: 'sbt-no-stage',
    pattern: /Not a valid (?:command|key): (stage)\b/,
    headline: 'The build has no task `stage`.',
    advice:
      'Add sbt-native-packager to project/plugins.sbt and enablePlugins(JavaAppPackaging) to build.sbt; or name tasks in the config var SBT_TASKS.',
  },
  {
    id: 'sbt-task-missing',
    pattern: /Not a valid (?:command|key|project ID|configuration): (\S+)/,
    headline: "The build knows no '$1'.",
    advice: 'Correct the config vars SBT_TASKS, SBT_PRE_TASKS or SBT_PROJECT.',
  },
  {
    id: 'sbt-plugin-not-enabled',
    pattern:
      /not found: value (JavaAppPackaging|JavaServerAppPackaging|PlayScala|PlayJava|PlayService|DockerPlugin|AssemblyPlugin)/,
    headline: 'build.sbt enables $1, and no plugin brings it.',
    advice:
      'Is project/plugins.sbt part of the app, and does it add the plugin (sbt-native-packager, org.playframework:sbt-plugin)?',
  },
  {
    id: 'sbt-file-invalid',
    pattern: /\S+\.sbt\]?:(\d+: [^\n]+)/,
    headline: 'A file of the build (.sbt) is wrong in line $1',
    advice: 'Correct it; `sbt reload` on your machine should say the same.',
  },
  {
    id: 'sbt-cyclic-modules',
    pattern: /Modules were resolved with conflicting cross-version suffixes[^\n]*\n[^\n]*?\s{2,}(\S+)/,
    headline: 'A library is there for two versions of Scala: $1.',
    advice: 'Use %% for all libraries of Scala, and update what still wants the older.',
  },
  {
    id: 'scala-fatal-warnings',
    pattern: /No warnings can be incurred under -(?:Werror|Xfatal-warnings)/,
    headline: 'The code compiles, with warnings, which the build says are errors.',
    advice: 'They stand above. Correct them, or take -Werror (-Xfatal-warnings) out of what a deploy runs.',
  },
  {
    id: 'scala-option-unknown',
    pattern: /bad option: '?(-[^'\s]+)'?/,
    headline: 'This Scala knows no option $1.',
    advice: 'Take it out of scalacOptions, or set it for the versions only that have it.',
  },
  {
    id: 'scala-release',
    pattern:
      /'?(\d+)'? is not a valid choice for '?-(?:release|java-output-version|target)|Release (\d+) is not supported|illegal version (\d+) for/,
    headline: 'The code is for Java $1, and this JDK is older.',
    advice: 'Write a newer version into system.properties: java.runtime.version=21',
  },
  {
    id: 'scala-jdk-too-new',
    pattern:
      /bad constant pool (?:index|tag)[\s\S]*?java\/lang|class file [^\n]* is broken|java\.lang\.Error: Unsupported major|Error accessing \S*ct\.sym|is broken, reading aborted/,
    headline: 'This Scala or sbt does not know this JDK.',
    advice: 'Update scalaVersion and sbt.version, or name an older JDK in system.properties: java.runtime.version=17',
  },
  {
    id: 'scala-not-found',
    pattern: /([\w/.-]+\.scala(?:\.html)?:\d+:\d+: not found: [^\n]+)|-- \[E006\] Not Found Error: (\S+)/,
    headline: '$1',
    advice: 'Is it imported, and spelled right? What a plugin generates must be made by the build.',
  },
  {
    id: 'scala-object-missing',
    pattern: /([\w/.-]+\.scala(?:\.html)?:\d+:\d+: object \w+ is not a member of package [^\n]+)/,
    headline: '$1',
    advice: 'If it comes from a library, build.sbt has to name that library as a dependency.',
  },
  {
    id: 'scala-member-missing',
    pattern:
      /([\w/.-]+\.scala(?:\.html)?:\d+:\d+: value \S+ is not a member of [^\n]+)|-- \[E008\] Not Found Error: (\S+)/,
    headline: '$1',
    advice:
      'Is it spelled right? A library of another version may not have it, or an import that brings it is missing.',
  },
  {
    id: 'scala-implicit-missing',
    pattern:
      /([\w/.-]+\.scala(?:\.html)?:\d+:\d+: (?:could not find implicit value|No implicit)[^\n]*)|-- \[E172\] Type Error: (\S+)/,
    headline: '$1',
    advice: 'Nothing in sight gives that value: import it, or define it for the type.',
  },
  {
    id: 'play-routes',
    pattern: /(conf\/\S*routes:\d+[^\n]*)|Compilation error\[([^\]]+)\][^\n]*routes/,
    headline: '$1',
    advice: 'A line of it is a method, a path and a controller: GET /greet controllers.Greeter.greet(name: String).',
  },
  {
    id: 'scala-type-mismatch',
    pattern: /([\w/.-]+\.scala:\d+:\d+: type mismatch;)|-- \[E007\] Type Mismatch Error: (\S+)/,
    headline: '$1',
    advice: 'What was found and what is required stand below it. The same build on your machine should say the same.',
  },
  {
    id: 'scala-compile',
    pattern: /\[error\] (?:-- )?(?:\[E\d+\] [^\n]*?Error: )?([\w/.-]+\.scala(?:\.html)?:\d+:\d+(?::)? ?[^\n]*)/,
    headline: '$1',
    advice: 'Correct it; the same build on your machine should say the same.',
  },
  {
    id: 'sbt-duplicate-files',
    pattern:
      /deduplicate: (?:different file contents found in|\d+ error)[^\n]*|Deduplicate found different file contents in the following:\n[^\n]*?(\S+)/,
    headline: 'Jars that are to become one have different files of one name.',
    advice: 'Say which counts: assembly / assemblyMergeStrategy in build.sbt. sbt stage needs none.',
  },
  {
    id: 'sbt-tests-failed',
    pattern: /sbt\.TestsFailedException: Tests unsuccessful/,
    headline: 'Tests failed, and so did the build.',
    advice: 'They stand above. `compile stage` runs none: take them out of SBT_TASKS or SBT_PRE_TASKS.',
  },
  {
    id: 'sbt-boot-lock',
    pattern:
      /waiting for lock on (\S+) to be available|server already in use|sbt thinks that server is already booting/,
    headline: 'Another sbt works on the same folders.',
    advice: 'Deploy again. If it stays, empty the build cache of the app.',
  },
]

export const scalaFailures: readonly KnownFailure[] = [...sbtFailures, ...jvmFailures, ...javacFailures]
