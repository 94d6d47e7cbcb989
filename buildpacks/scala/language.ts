import { jvmConfigVars, jvmLimits, jvmVersions } from '../jvm/described.ts'
import type { Language } from '../lib/language.ts'
import { scalaFailures } from './failures.ts'

export const language: Language = {
  name: 'Scala',
  buildpack: 'hearth/scala',
  detectedBy: ['build.sbt', 'project/build.properties'],
  versions: {
    ...jvmVersions,
    available: `${jvmVersions.available} sbt is the one of project/build.properties, from 1.0 on, and Scala that of build.sbt; both come from Maven Central.`,
  },
  managers: [{ name: 'sbt', file: 'build.sbt, project/build.properties', command: 'sbt compile stage' }],
  cache: {
    kept: 'sbt itself, what it downloaded, and what it compiled (target), from which it goes on',
    droppedBy: 'another sbt, JDK line or stack, or more than 2 GB of it; SBT_CLEAN=true drops what was compiled',
  },
  sameEachTime:
    'yes, with stage: sbt from 1.4 on gives all that it packs one time; unless a plugin writes times itself (sbt-buildinfo)',
  processes: [
    {
      type: 'web',
      of: 'the only start script of sbt-native-packager (Play has it)',
      command: 'target/universal/stage/bin/APP -Dhttp.port=$PORT',
    },
  ],
  hooks: ['bin/pre_compile', 'bin/post_compile'],
  configVars: [
    { name: 'SBT_TASKS', meaning: 'instead of compile stage; or sbt.tasks in system.properties, as all of these' },
    { name: 'SBT_PRE_TASKS', meaning: 'before them' },
    { name: 'SBT_PROJECT', meaning: 'of which project the tasks are' },
    { name: 'SBT_CLEAN', meaning: 'true: what the last build compiled is not used' },
    { name: 'SBT_OPTS', meaning: "options for sbt's own Java" },
    ...jvmConfigVars,
  ],
  failures: scalaFailures,
  limits: [
    ...jvmLimits,
    'sbt before 1.0, Mill, Maven and Gradle builds of Scala other than by those buildpacks',
    'sbt in dynos (SBT_AT_RUNTIME)',
  ],
}
