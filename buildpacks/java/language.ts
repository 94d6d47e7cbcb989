import { jvmConfigVars, jvmLimits, jvmVersions } from '../jvm/described.ts'
import type { Language } from '../lib/language.ts'
import { javaFailures } from './failures.ts'
import { mavenArchives } from './maven.ts'

export const language: Language = {
  name: 'Java',
  buildpack: 'hearth/java',
  detectedBy: ['pom.xml', 'pom.atom', 'pom.clj', 'pom.groovy', 'pom.rb', 'pom.scala', 'pom.yaml', 'pom.yml'],
  versions: {
    ...jvmVersions,
    sources: [...jvmVersions.sources, 'maven.compiler.release, java.version and the like in pom.xml, as the least'],
  },
  managers: [
    {
      name: `Maven ${mavenArchives.map(({ version }) => version).join(', ')}, by maven.version in system.properties; the newest without`,
      file: 'pom.xml',
      command: 'mvn -DskipTests clean install',
    },
    {
      name: 'the wrapper, with the Maven that it names',
      file: 'mvnw, .mvn/wrapper/maven-wrapper.properties',
      command: 'mvnw -DskipTests clean install',
    },
  ],
  cache: {
    kept: 'what Maven downloaded, and the Maven of the wrapper',
    droppedBy:
      'another stack, or more than 2 GB of it. Always: what was not found the last time, and what the app itself installed',
  },
  sameEachTime:
    'yes: jars carry one time that never changes (project.build.outputTimestamp, unless a pom says another), which takes maven-jar-plugin 3.2 or newer, as every Maven from 3.9 on has; unless a plugin writes times itself (build-info, git-commit-id). Not with Quarkus, whose generated classes are others each time',
  processes: [
    { type: 'web', of: 'Spring Boot', command: 'java -Dserver.port=$PORT $JAVA_OPTS -jar target/APP.jar' },
    {
      type: 'web',
      of: 'Quarkus',
      command: 'java -Dquarkus.http.port=$PORT $JAVA_OPTS -jar target/quarkus-app/quarkus-run.jar',
    },
    { type: 'web', of: 'Micronaut', command: 'java -Dmicronaut.server.port=$PORT $JAVA_OPTS -jar target/APP.jar' },
    { type: 'web', of: 'WildFly Swarm', command: 'java -Dswarm.http.port=$PORT $JAVA_OPTS -jar target/APP.jar' },
    { type: 'web', of: 'WildFly, Ktor, Dropwizard, Helidon', command: 'the same with their own options (a guess)' },
    {
      type: 'web',
      of: 'a war with webapp-runner in target/dependency',
      command: 'java $JAVA_OPTS -jar target/dependency/webapp-runner.jar --port $PORT target/APP.war (a guess)',
    },
    { type: 'web', of: 'any other jar with a main class', command: 'java $JAVA_OPTS -jar target/APP.jar (a guess)' },
  ],
  hooks: ['bin/pre_compile', 'bin/post_compile'],
  configVars: [
    { name: 'MAVEN_CUSTOM_GOALS', meaning: 'instead of clean install' },
    { name: 'MAVEN_CUSTOM_OPTS', meaning: 'instead of -DskipTests' },
    { name: 'MAVEN_JAVA_OPTS', meaning: "options for Maven's own Java" },
    {
      name: 'MAVEN_SETTINGS_PATH, MAVEN_SETTINGS_URL',
      meaning: 'the settings: a file of the app, or an address; else settings.xml in the top folder',
    },
    ...jvmConfigVars,
  ],
  failures: javaFailures,
  limits: [
    ...jvmLimits,
    "dependency:list, which Heroku's build also runs: it only prints",
    'wars without a server of their own (the build says how to add webapp-runner)',
  ],
}
