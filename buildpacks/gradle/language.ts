import { jvmConfigVars, jvmLimits, jvmVersions } from '../jvm/described.ts'
import type { Language } from '../lib/language.ts'
import { gradleFailures } from './failures.ts'

export const language: Language = {
  name: 'Gradle',
  buildpack: 'hearth/gradle',
  detectedBy: ['gradlew', 'build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'],
  versions: {
    ...jvmVersions,
    sources: [
      ...jvmVersions.sources,
      'the toolchain of the build (JavaLanguageVersion.of, jvmToolchain), exactly',
      'sourceCompatibility, jvmTarget and the like, as the least',
    ],
  },
  managers: [
    {
      name: 'the wrapper, with the Gradle that it names',
      file: 'gradlew, gradle/wrapper',
      command:
        'gradlew stage where the build has that task, else installDist with the plugin application, else build -x check',
    },
  ],
  cache: {
    kept: "Gradle's home: the Gradle of the wrapper, what it downloaded, and its build cache, from which tasks with the same inputs are taken",
    droppedBy: 'another stack, or more than 2 GB of it; Gradle itself removes what was not used for a month',
  },
  sameEachTime:
    'yes: archives have neither the times of their files nor the order in which the disk names them, unless the build asks for those; unless a task writes times itself (springBoot { buildInfo() })',
  processes: [
    { type: 'web', of: 'Spring Boot', command: 'java -Dserver.port=$PORT $JAVA_OPTS -jar build/libs/APP.jar' },
    {
      type: 'web',
      of: 'Quarkus',
      command: 'java -Dquarkus.http.port=$PORT $JAVA_OPTS -jar build/quarkus-app/quarkus-run.jar',
    },
    {
      type: 'web',
      of: 'Micronaut',
      command: 'java -Dmicronaut.server.port=$PORT $JAVA_OPTS -jar build/libs/APP-all.jar',
    },
    {
      type: 'web',
      of: 'the plugin application',
      command: 'build/install/APP/bin/APP, with -port=$PORT for Ktor (a guess)',
    },
    {
      type: 'web',
      of: 'any other jar with a main class',
      command: 'java $JAVA_OPTS -jar build/libs/APP.jar (a guess)',
    },
  ],
  hooks: ['bin/pre_compile', 'bin/post_compile'],
  configVars: [
    { name: 'GRADLE_TASK', meaning: 'what is run, instead of the tasks above' },
    { name: 'GRADLE_OPTS', meaning: "options for Gradle's own Java" },
    ...jvmConfigVars,
  ],
  failures: gradleFailures,
  limits: [...jvmLimits, 'a Gradle without its wrapper (the build says how to add it)'],
}
