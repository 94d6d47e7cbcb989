import type { KnownFailure } from '../lib/failures.ts'

const newer = 'Write a newer version into system.properties, for example:\n  java.runtime.version=21'

/** What the virtual machine itself and its compilers say of a version, memory or the network, whichever tool runs them. */
export const jvmFailures: readonly KnownFailure[] = [
  {
    id: 'jvm-out-of-memory',
    pattern: /java\.lang\.OutOfMemoryError: ([^\n]+)|There is insufficient memory for the Java Runtime/,
    headline: 'The build ran out of the memory that its Java may use: $1.',
    advice:
      'Give it more by a config var (MAVEN_JAVA_OPTS, GRADLE_OPTS, SBT_OPTS, LEIN_JVM_OPTS): -Xmx2g. A build can not use more than its server lets it.',
  },
  {
    id: 'jvm-stack-overflow',
    pattern: /java\.lang\.StackOverflowError/,
    headline: 'A compiler ran out of stack, which deeply nested code makes it.',
    advice: 'Give it more by a config var (MAVEN_JAVA_OPTS, GRADLE_OPTS, SBT_OPTS, LEIN_JVM_OPTS): -Xss8m.',
  },
  {
    id: 'jvm-option-unknown',
    pattern: /Unrecognized VM option '([^']+)'|(Invalid (?:maximum|initial) heap size: \S+)/,
    headline: 'This Java knows no option $1.',
    advice:
      'Take it out of the config var, gradle.properties (org.gradle.jvmargs), .mvn/jvm.config or .jvmopts that has it. MaxPermSize and UseConcMarkSweepGC are gone.',
  },
  {
    id: 'git-folder-missing',
    pattern:
      /\.git directory (?:is not found|could not be found)|RepositoryNotFoundException|No (?:\.git directory|Git repository) found|not a git repository \(or any/,
    headline: 'The build asks git for the commit, and a build has the files without their history.',
    advice:
      'Let it go on without (failOnNoGitDirectory=false, failOnNoGitDirectory = false, or a version of its own); the config var SOURCE_VERSION is the commit.',
  },
  {
    id: 'docker-missing',
    pattern:
      /Could not find a valid Docker environment|Cannot connect to the Docker daemon|Connection to the Docker daemon at '[^']*' failed/,
    headline: 'The build wants Docker, which no build has.',
    advice: 'Leave out what makes images (jib, build-image) and tests in containers from what a deploy runs.',
  },
  {
    id: 'java-too-old',
    pattern:
      /(?:release version|invalid (?:target|source) release:?) ?(\d+)(?: not supported)?|Source option (?:1[7-9]|2\d) is not supported/,
    headline: 'The code is for Java $1, and this JDK is older.',
    advice: newer,
  },
  {
    id: 'java-level-gone',
    pattern: /(?:Source|Target) option (\S+) is no longer supported/,
    headline: 'The code is compiled for Java $1, which this JDK no longer does.',
    advice:
      'Raise maven.compiler.release, sourceCompatibility or the like to 8 or newer; or name an older JDK in system.properties.',
  },
  {
    id: 'class-version',
    pattern:
      /Unsupported class file major version (\d+)|class file has wrong version (\S+),|compiled by a more recent version of the Java Runtime \(class file version (\d+)/,
    headline: 'A class was compiled for a newer Java than the one that reads it (class file version $1).',
    advice: `52 is Java 8, 61 is 17, 65 is 21, 69 is 25. ${newer}\nWhere a build tool says it of its own classes, it is too old for this JDK.`,
  },
  {
    id: 'lombok-too-old',
    pattern:
      /NoSuchFieldError: .*com\.sun\.tools\.javac\.tree|lombok\.javac\.apt\.LombokProcessor[\s\S]*?(?:IllegalAccessError|cannot access class)/,
    headline: 'The version of Lombok does not know this JDK.',
    advice: 'Update Lombok (1.18.42 knows Java 25), or name an older JDK in system.properties.',
  },
  {
    id: 'java-module-closed',
    pattern: /InaccessibleObjectException[^\n]*module (\S+) does not "opens|does not "exports \S+" to unnamed module/,
    headline: 'A plugin or library reaches into the JDK where that no longer lets it ($1).',
    advice: 'Update it, or name an older JDK in system.properties.',
  },
  {
    id: 'java-package-gone',
    pattern: /package (javax\.(?:xml\.bind|annotation|activation|xml\.ws|jws)[\w.]*) does not exist/,
    headline: 'The code uses $1, which the JDK has not had since Java 11.',
    advice:
      'Add it as a dependency: jakarta.xml.bind:jakarta.xml.bind-api, jakarta.annotation:jakarta.annotation-api and the like.',
  },
  {
    id: 'javax-jakarta',
    pattern: /package (javax\.(?:servlet|persistence|validation|inject|ws\.rs)[\w.]*) does not exist/,
    headline: 'The code uses $1, and no dependency brings it.',
    advice:
      'Newer frameworks (Spring Boot 3, Jakarta EE 9) have it under jakarta. instead of javax.: change the imports.',
  },
  {
    id: 'jvm-certificate',
    pattern: /PKIX path building failed|unable to find valid certification path|SunCertPathBuilderException/,
    headline: 'A repository has a certificate that this server does not trust.',
    advice: "If your network re-signs TLS, add its authority to the server's /usr/local/share/ca-certificates.",
  },
  {
    id: 'repository-login',
    pattern:
      /(?:status code: |status: |Received status code |Server returned HTTP response code: )(?:401|403)|Not authorized|authentication failed for (\S+)/i,
    headline: 'A repository of packages wants a login.',
    advice:
      'Put the password into a config var and name it in the settings of the build tool, which read it from the environment.',
  },
  {
    id: 'repository-host-not-found',
    pattern:
      /([\w-]+(?:\.[\w-]+)+): (?:Name or service not known|Temporary failure in name resolution|nodename nor servname)|UnknownHostException: ([\w.-]+)|Unknown host ([\w.-]+)/,
    headline: 'The build wants packages of $1, which has no address from this server.',
    advice: 'Check the repositories that the build names, and the network of the server.',
  },
  {
    id: 'repository-timeout',
    pattern:
      /(?:Connect(?:ion)? timed out|Read timed out|Connection (?:refused|reset)|Premature end of Content-Length)/,
    headline: 'The connection to a repository of packages broke off.',
    advice: 'Deploy again; what was downloaded is kept.',
  },
  {
    id: 'jar-damaged',
    pattern: /(?:error (?:reading|in opening zip file)|zip END header not found|invalid LOC header|ZipException)[^\n]*/,
    headline: 'A downloaded jar is damaged.',
    advice:
      'Empty the build cache of the app, then deploy again. If it is a file of the app: Git LFS and line ends damage jars.',
  },
]

/** What javac says of code; the line is the message. */
export const javacFailures: readonly KnownFailure[] = [
  {
    id: 'java-package-missing',
    pattern: /((?:[\w$-]+\/)*[\w$]+\.(?:java|kt|scala|groovy):\S* (?:error: )?package \S+ does not exist)/,
    headline: '$1',
    advice: 'Is it spelled right? If it comes from a library, the build file has to name that library as a dependency.',
  },
  {
    id: 'java-symbol-missing',
    pattern: /((?:[\w$-]+\/)*[\w$]+\.java:\S* (?:error: )?cannot find symbol)/,
    headline: '$1',
    advice:
      'The lines below it name the symbol. Is it imported, and is a file missing that .gitignore names? Generated code must be made by the build.',
  },
  {
    id: 'java-class-twice',
    pattern: /((?:[\w$-]+\/)*[\w$]+\.java:\S* (?:error: )?duplicate class: \S+)/,
    headline: '$1',
    advice: 'Two files have it. Generated code that was committed too is a likely one.',
  },
  {
    id: 'java-encoding',
    pattern: /((?:[\w$-]+\/)*[\w$]+\.java:\S* (?:error: )?unmappable character[^\n]*)/,
    headline: '$1',
    advice:
      'Say which encoding the files have: project.build.sourceEncoding=UTF-8 in pom.xml, options.encoding in Gradle.',
  },
  {
    id: 'java-compile',
    pattern: /((?:[\w$-]+\/)*[\w$]+\.java:(?:\[\d+,\d+\]|\d+: error:) [^\n]+)/,
    headline: '$1',
    advice: 'Correct it; the same build on your machine should say the same.',
  },
]
