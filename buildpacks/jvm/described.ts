import type { Language } from '../lib/language.ts'
import { listJavaArchives } from './archives.ts'

const lines = listJavaArchives('jdk').map(({ version }) => version)

/** What all languages of the Java virtual machine say of it in their pages. */
export const jvmVersions: Language['versions'] = {
  byDefault: "the stack's own OpenJDK (17 on Debian 12, 21 on Debian 13 and Ubuntu 24.04, 17 on Ubuntu 22.04)",
  sources: [
    'java.runtime.version in system.properties',
    '.java-version',
    'java in .sdkmanrc',
    'java in .tool-versions',
  ],
  available:
    `OpenJDK of the stack's packages (also 25 on Debian 13; 8, 11, 17, 21 and 25 on Ubuntu), else Eclipse Temurin ${lines.join(', ')}. ` +
    'The JDK is there while the app is built; its dynos have the runtime only, without what draws on screens.',
}

export const jvmConfigVars: Language['configVars'] = [
  {
    name: 'MAVEN_MIRROR_URL',
    meaning: 'a mirror of Maven Central for the build; unless set, that of the server',
  },
  {
    name: 'JAVA_OPTS, JAVA_TOOL_OPTIONS',
    meaning:
      "in dynos, behind the heap that their memory allows (300 MB of 512, 671 of 1024, four fifths of more), and so over it; not in builds. A one-off dyno's JAVA_TOOL_OPTIONS are the app's own alone",
  },
  {
    name: 'JDBC_DATABASE_URL, JDBC_DATABASE_USERNAME, JDBC_DATABASE_PASSWORD',
    meaning: 'from DATABASE_URL (or JAWSDB_URL, CLEARDB_DATABASE_URL) unless set',
  },
  {
    name: 'SPRING_DATASOURCE_URL, ..._USERNAME, ..._PASSWORD',
    meaning: 'the same, unless set or DISABLE_SPRING_DATASOURCE_URL=true',
  },
  { name: 'SPRING_DATA_REDIS_URL', meaning: 'REDIS_URL, unless set or DISABLE_SPRING_REDIS_URL=true' },
]

export const jvmLimits: Language['limits'] = [
  'jdk-overlay, with_jstack and with_jmap (dynos have no JDK)',
  'other distributions of Java than OpenJDK and Temurin: a name before the version is not read',
  'fonts, which drawing on a server needs: name fontconfig and fonts-dejavu-core in an Aptfile',
]
