import { javacFailures, jvmFailures } from '../jvm/failures.ts'
import type { KnownFailure } from '../lib/failures.ts'

/** What Maven says of itself and its plugins. The more exact stands before the more general. */
const mavenFailures: readonly KnownFailure[] = [
  {
    id: 'maven-wrapper-incomplete',
    pattern:
      /Could not find or load main class org\.apache\.maven\.wrapper\.MavenWrapperMain|maven-wrapper\.properties: No such file/,
    headline: 'The wrapper of Maven is not whole: a file in .mvn/wrapper is missing.',
    advice: 'Run `mvn wrapper:wrapper` and commit mvnw and .mvn, which .gitignore may name.',
  },
  {
    id: 'maven-wrapper-download',
    pattern:
      /(?:wget|curl): Failed to fetch (\S+)|Failed to (?:download|validate) Maven distribution|distributionUrl is not valid[^\n]*?'?(\S+)/,
    headline: 'The wrapper could not fetch its Maven: $1.',
    advice:
      'Check distributionUrl in .mvn/wrapper/maven-wrapper.properties; or remove mvnw, and Hearth brings a Maven.',
  },
  {
    id: 'pom-invalid',
    pattern: /Non-(?:parseable|readable) POM \S+?: ([^\n]+?)(?: -> \[Help|\n|$)/,
    headline: "Maven can't read pom.xml: $1",
    advice:
      'Correct the line; `mvn validate` shows whether it can be read. Marks of a merge (<<<<<<<) are a likely one.',
  },
  {
    id: 'pom-parent-missing',
    pattern:
      /Non-resolvable (?:parent POM|import POM)[^\n]*?(?:Could not find artifact|Could not transfer artifact|from) (\S+)/,
    headline: 'pom.xml builds on $1, which is not to be had.',
    advice:
      'Check its version. A parent of your own must be part of the app or in a repository that pom.xml names; one above the folder that is deployed is neither.',
  },
  {
    id: 'pom-version-missing',
    pattern: /'dependencies\.dependency\.version' for (\S+?)(?::jar)? is missing/,
    headline: 'pom.xml gives no version for the dependency $1.',
    advice: 'Write one, or import the BOM or parent that manages it.',
  },
  {
    id: 'pom-module-missing',
    pattern: /Child module (\S+) of \S+ does not exist/,
    headline: 'pom.xml names the module $1, which is not part of the app.',
    advice: 'Is it a submodule of git, or named by .gitignore or .slugignore? Else take it out of <modules>.',
  },
  {
    id: 'maven-repository-http',
    pattern: /Blocked mirror for repositories: \[([^\]]+)\]/,
    headline: 'pom.xml names a repository by http, which Maven refuses since 3.8.1: $1.',
    advice: 'Use its https address.',
  },
  {
    id: 'maven-dependency-missing',
    pattern:
      /(?:Could not find artifact|Failure to find|was not found in [^\n]* during a previous attempt[^\n]*) ([\w.-]+(?::[\w.-]+)+)/,
    headline: 'No repository has $1.',
    advice:
      'Check its name and version in pom.xml. What is only on your machine (mvn install) must be in a repository that pom.xml names.',
  },
  {
    id: 'maven-plugin-missing',
    pattern: /Plugin (\S+) or one of its dependencies could not be resolved|No plugin found for prefix '([^']+)'/,
    headline: 'A plugin that the build runs is not to be had: $1.',
    advice: 'Check its name and version in pom.xml, or in MAVEN_CUSTOM_GOALS.',
  },
  {
    id: 'maven-goal-unknown',
    pattern: /Unknown lifecycle phase "([^"]+)"|Could not find goal '([^']+)'/,
    headline: "Maven knows no goal or phase '$1'.",
    advice: 'Correct the config var MAVEN_CUSTOM_GOALS, for example: clean package.',
  },
  {
    id: 'maven-option-unknown',
    pattern: /(?:Unable to parse command line options: )?Unrecognized option: (\S+)/,
    headline: 'Maven or its Java knows no option $1.',
    advice: 'Correct the config vars MAVEN_CUSTOM_OPTS, MAVEN_CUSTOM_GOALS, MAVEN_JAVA_OPTS, or .mvn/maven.config.',
  },
  {
    id: 'maven-needs-java',
    pattern: /Detected JDK (?:version|Version:?) (\S+)[^\n]* is not in the allowed range/,
    headline: 'pom.xml refuses Java $1 (maven-enforcer-plugin).',
    advice: 'Write a version that it allows into system.properties, for example:\n  java.runtime.version=21',
  },
  {
    id: 'maven-needs-maven',
    pattern: /Detected Maven Version: (\S+) is not in the allowed range|The plugin \S+ requires Maven version (\S+)/,
    headline: 'The build wants another version of Maven than this one ($1).',
    advice: 'Add the wrapper with that version: `mvn wrapper:wrapper -Dmaven=3.9.16`, and commit mvnw and .mvn.',
  },
  {
    id: 'maven-enforcer',
    pattern:
      /(Dependency convergence error for \S+)|(?:Rule \d+: \S+?)\.(\w+) failed with message|(Some Enforcer rules have failed)/,
    headline: 'pom.xml has rules for its own build (maven-enforcer-plugin), and one is broken: $1.',
    advice:
      'What it says stands above. Correct that, or leave the rule out of what a deploy runs: MAVEN_CUSTOM_OPTS=-DskipTests -Denforcer.skip.',
  },
  {
    id: 'maven-toolchain',
    pattern: /Cannot find matching toolchain definitions[\s\S]*?\n(?:\[ERROR\] )?(jdk \[[^\]]*\])/,
    headline: 'pom.xml asks for a toolchain that is not here: $1.',
    advice:
      'Name that Java in system.properties, and take maven-toolchains-plugin out of what a deploy runs (a profile).',
  },
  {
    id: 'maven-tests-failed',
    pattern: /There are test failures|There was a timeout or other error in the fork|Tests are failing/,
    headline: 'Tests failed, and so did the build.',
    advice: 'They stand above. MAVEN_CUSTOM_OPTS replaces -DskipTests; unset it, or put -DskipTests into it.',
  },
  {
    id: 'maven-style',
    pattern:
      /You have (\d+) (?:Checkstyle|PMD) violations?|(\d+) error\(s\) found by (?:SpotBugs|FindBugs)|The following files had (format violations)/,
    headline: 'The code breaks rules of style that the build checks ($1).',
    advice:
      'They stand above. Correct them (spotless: `mvn spotless:apply`), or leave the check out: MAVEN_CUSTOM_OPTS=-DskipTests -Dcheckstyle.skip.',
  },
  {
    id: 'maven-frontend',
    pattern: /Failed to run task: '([^']+)' failed|frontend-maven-plugin:\S+?:([\w-]+)[^\n]* on project/,
    headline: 'The part of the build that Node.js does failed: $1.',
    advice:
      'What it printed stands above. frontend-maven-plugin fetches a Node.js of its own, which the server has to reach; or add the buildpack hearth/node before this one.',
  },
  {
    id: 'maven-signing',
    pattern: /gpg: (?:signing failed|no default secret key)|maven-gpg-plugin\S*[^\n]*(?:Exit code: \d|not found)/,
    headline: 'The build signs what it makes, and has no key for that.',
    advice:
      'Signing is for a publication: MAVEN_CUSTOM_OPTS=-DskipTests -Dgpg.skip, or put maven-gpg-plugin into a profile.',
  },
  {
    id: 'spring-main-class',
    pattern: /Unable to find (?:a single )?main class[^\n]*/,
    headline: 'Spring Boot does not know which class starts the app.',
    advice:
      'Name it: <start-class> in the properties of pom.xml. A module that is a library only needs no spring-boot-maven-plugin.',
  },
  {
    id: 'maven-resource-encoding',
    pattern: /filtering (\S+) to \S+ failed with MalformedInputException/,
    headline: '$1 is not text in the encoding of the project, and is filtered as such.',
    advice: 'Save it as UTF-8, or leave it out of <filtering> in pom.xml.',
  },
  {
    id: 'maven-profile-missing',
    pattern:
      /The requested profiles? \[?"?([^\]"\n]+?)"?\]? could not be activated because (?:it does|they do) not exist/,
    headline: 'The build asks for the profile $1, which pom.xml does not have.',
    advice: 'Correct MAVEN_CUSTOM_OPTS or .mvn/maven.config.',
  },
]

export const javaFailures: readonly KnownFailure[] = [...mavenFailures, ...jvmFailures, ...javacFailures]
