import { jvmConfigVars, jvmLimits, jvmVersions } from '../jvm/described.ts'
import type { Language } from '../lib/language.ts'
import { clojureFailures } from './failures.ts'

export const language: Language = {
  name: 'Clojure',
  buildpack: 'hearth/clojure',
  detectedBy: ['project.clj'],
  versions: {
    ...jvmVersions,
    available: `${jvmVersions.available} Clojure is the one of project.clj; Leiningen is that of the stack's packages (2.10).`,
  },
  managers: [
    { name: 'the app itself', file: 'bin/build', command: 'bin/build, with lein on its PATH' },
    {
      name: 'Leiningen',
      file: 'project.clj',
      command: 'lein uberjar where it has :main or :uberjar-name, else lein with-profile production compile :all',
    },
  ],
  cache: {
    kept: 'what Leiningen downloaded',
    droppedBy:
      'another stack, or more than 2 GB of it. Always: what was not found the last time, and what the app itself installed',
  },
  processes: [
    { type: 'web', of: 'the jar of :uberjar-name', command: 'java $JAVA_OPTS -jar target/APP.jar' },
    { type: 'web', of: 'any other jar with a main class', command: 'the same (a guess)' },
  ],
  hooks: ['bin/pre_compile', 'bin/build instead of Leiningen', 'bin/post_compile'],
  configVars: [
    { name: 'LEIN_BUILD_TASK', meaning: 'what lein is to do instead' },
    { name: 'LEIN_JVM_OPTS', meaning: "options for Leiningen's own Java" },
    { name: 'RING_ENV', meaning: 'production unless set, in dynos' },
    ...jvmConfigVars,
  ],
  failures: clojureFailures,
  limits: [
    ...jvmLimits,
    'tools.deps: an app that has a deps.edn and no project.clj (its command-line program is in no index that Hearth installs from)',
    'lein in dynos, and with it `lein run` and `lein trampoline` in a Procfile (the build says so)',
    'on This computer, Leiningen must be there',
  ],
}
