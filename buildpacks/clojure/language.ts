import { jvmConfigVars, jvmLimits, jvmVersions } from '../jvm/described.ts'
import type { Language } from '../lib/language.ts'
import { cliVersion } from './cli-jars.ts'
import { clojureFailures } from './failures.ts'

export const language: Language = {
  name: 'Clojure',
  buildpack: 'hearth/clojure',
  detectedBy: ['project.clj', 'deps.edn'],
  versions: {
    ...jvmVersions,
    available: `${jvmVersions.available} Clojure is the one of project.clj or deps.edn; Leiningen is that of the stack's packages (2.10), tools.deps ${cliVersion} from Maven Central.`,
  },
  managers: [
    { name: 'the app itself', file: 'bin/build', command: 'bin/build, with lein or clojure on its PATH' },
    {
      name: 'Leiningen',
      file: 'project.clj',
      command: 'lein uberjar where it has :main or :uberjar-name, else lein with-profile production compile :all',
    },
    {
      name: 'tools.deps',
      file: 'deps.edn',
      command:
        'clojure -T:build with uber, uberjar, ci or jar of build.clj where deps.edn has the alias :build, else the libraries are gathered in target/lib',
    },
  ],
  cache: {
    kept: 'what Leiningen or tools.deps downloaded, clones of git too',
    droppedBy:
      'another stack, or more than 2 GB of it. Always: what was not found the last time, and what the app itself installed',
  },
  sameEachTime:
    'yes: when they are made, jars in target get one time that never changes, which neither tool can do itself; unless the build writes times',
  processes: [
    { type: 'web', of: 'the jar of :uberjar-name', command: 'java $JAVA_OPTS -jar target/APP.jar' },
    { type: 'web', of: 'any other jar with a main class', command: 'the same (a guess)' },
    {
      type: 'web',
      of: 'a namespace of the app in :main-opts of deps.edn, without a jar',
      command: 'java $JAVA_OPTS -cp "$(cat target/classpath)" clojure.main -m NAMESPACE (a guess)',
    },
  ],
  hooks: ['bin/pre_compile', 'bin/build instead of Leiningen and tools.deps', 'bin/post_compile'],
  configVars: [
    { name: 'LEIN_BUILD_TASK', meaning: 'what lein is to do instead' },
    { name: 'CLOJURE_BUILD_TASK', meaning: 'what clojure is to do instead: -T:build release' },
    { name: 'LEIN_JVM_OPTS', meaning: "options for Leiningen's own Java" },
    { name: 'CLOJARS_MIRROR_URL', meaning: 'one of Clojars, in the same way. Leiningen takes both by https only' },
    { name: 'RING_ENV', meaning: 'production unless set, in dynos' },
    ...jvmConfigVars,
  ],
  failures: clojureFailures,
  limits: [
    ...jvmLimits,
    'tools.deps: its prompt, and tools installed by name (-Ttools)',
    'lein and clojure in dynos, and with them `lein run`, `lein trampoline` and `clojure -M` in a Procfile (the build says so)',
    'on This computer, Leiningen must be there',
  ],
}
