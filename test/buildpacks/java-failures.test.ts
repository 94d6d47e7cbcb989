import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { clojureFailures } from '../../buildpacks/clojure/failures.ts'
import { gradleFailures } from '../../buildpacks/gradle/failures.ts'
import { javaFailures } from '../../buildpacks/java/failures.ts'
import { recogniseFailure } from '../../buildpacks/lib/failures.ts'
import { scalaFailures } from '../../buildpacks/scala/failures.ts'

// What Maven 3.9.16 with javac 17 printed, shortened, and where no Maven can be made to say it here, older ones and other JDKs.
const fallback = { id: 'unknown', headline: 'It failed.', advice: 'Look above.' }
const compile = 'Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.15.0:compile (default-compile)'
const main = '[ERROR] /app/src/main/java/com/example/Main.java'
const missing = `[ERROR] Failed to execute goal on project small: Could not resolve dependencies for project com.example:small:jar:1.0.0
[ERROR] dependency: com.google.code.gson:gson-nothere:jar:1.0 (compile)
[ERROR] 	Could not find artifact com.google.code.gson:gson-nothere:jar:1.0 in central (https://repo.example.org/maven2)
[ERROR] -> [Help 1]`
const parent = `[ERROR]     Non-resolvable parent POM for com.example:small:1.0.0: The following artifacts could not be resolved: com.example:par:pom:1 (absent): Could not find artifact com.example:par:pom:1 in central (https://repo.example.org/maven2) and 'parent.relativePath' points at wrong local POM @ line 4, column 45 -> [Help 2]`
const blocked = `[ERROR] 	Caused by: The following artifacts could not be resolved: com.example:x:pom:1 (absent): Could not transfer artifact com.example:x:pom:1 from/to maven-default-http-blocker (http://0.0.0.0/): Blocked mirror for repositories: [old (http://repo.example.com/m2, default, releases+snapshots)]`
const toolchain = `[ERROR] Failed to execute goal org.apache.maven.plugins:maven-toolchains-plugin:3.2.0:toolchain (default) on project small: Cannot find matching toolchain definitions for the following toolchain types:
[ERROR] jdk [ version='11' ]
[ERROR] Please make sure you define the required toolchains in your ~/.m2/toolchains.xml file.`
const unknownHost =
  '[ERROR] 	Caused by: Could not transfer artifact com.example:x:pom:1 from/to gone (https://repo.nowhere.example/m2): repo.nowhere.example: Name or service not known'
const enforcer = `[ERROR] Rule 0: org.apache.maven.enforcer.rules.version.RequireJavaVersion failed with message:
[ERROR] Detected JDK version 17.0.15 (JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64) is not in the allowed range [21,).`
const resource =
  '[ERROR] Failed to execute goal org.apache.maven.plugins:maven-resources-plugin:3.4.0:resources (default-resources) on project small: filtering /app/src/main/resources/x.properties to /app/target/classes/x.properties failed with MalformedInputException: Input length = 1 -> [Help 1]'
const certificate =
  '[ERROR] Could not transfer artifact org.example:x:pom:1 from/to central (https://repo.example.org): PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target'
const lombok =
  'java.lang.NoSuchFieldError: Class com.sun.tools.javac.tree.JCTree$JCImport does not have member field com.sun.tools.javac.tree.JCTree qualid'

describe('a failed build of Java', () => {
  it.each([
    [missing, 'maven-dependency-missing', 'com.google.code.gson:gson-nothere:jar:1.0'],
    [
      `[ERROR] 'dependencies.dependency.version' for com.google.code.gson:gson:jar is missing. @ line 15, column 17`,
      'pom-version-missing',
      'com.google.code.gson:gson.',
    ],
    [
      `[ERROR]     Non-parseable POM /app/pom.xml: Unrecognised tag: 'build' (position: START_TAG seen ...<build>... @22:10)  @ line 22, column 10 -> [Help 2]`,
      'pom-invalid',
      "Unrecognised tag: 'build'",
    ],
    [parent, 'pom-parent-missing', 'com.example:par:pom:1'],
    ['[ERROR] Child module /app/nothere of /app/pom.xml does not exist @ ', 'pom-module-missing', '/app/nothere'],
    [blocked, 'maven-repository-http', 'old (http://repo.example.com/m2'],
    [
      `[ERROR] Unknown lifecycle phase "frobnicate". You must specify a valid lifecycle phase`,
      'maven-goal-unknown',
      "'frobnicate'",
    ],
    [`[ERROR] No plugin found for prefix 'foo' in the current project`, 'maven-plugin-missing', 'foo'],
    [
      '[ERROR] Plugin com.example:no-maven-plugin:1.0 or one of its dependencies could not be resolved:',
      'maven-plugin-missing',
      'com.example:no-maven-plugin:1.0',
    ],
    ['Unable to parse command line options: Unrecognized option: --frobnicate', 'maven-option-unknown', '--frobnicate'],
    [enforcer, 'maven-needs-java', '17.0.15'],
    ['[ERROR] Detected Maven Version: 3.9.16 is not in the allowed range [4,).', 'maven-needs-maven', '3.9.16'],
    [toolchain, 'maven-toolchain', "jdk [ version='11' ]"],
    ['[ERROR] Failed to execute goal surefire:test: There are test failures.', 'maven-tests-failed', ''],
    [
      '[ERROR] Failed to execute goal spring-boot-maven-plugin:repackage: Unable to find main class -> [Help 1]',
      'spring-main-class',
      '',
    ],
    [resource, 'maven-resource-encoding', 'x.properties'],
    [
      '[ERROR] The requested profiles [prod] could not be activated because they do not exist.',
      'maven-profile-missing',
      'prod',
    ],
    [
      'Error: Could not find or load main class org.apache.maven.wrapper.MavenWrapperMain',
      'maven-wrapper-incomplete',
      '',
    ],
    [
      'curl: Failed to fetch https://repo.example.org/apache-maven-9.9.9-bin.zip',
      'maven-wrapper-download',
      'apache-maven-9.9.9',
    ],
    [
      `${compile} on project small: Fatal error compiling: error: release version 21 not supported -> [Help 1]`,
      'java-too-old',
      'Java 21',
    ],
    ['[ERROR] Source option 5 is no longer supported. Use 7 or later.', 'java-level-gone', 'Java 5'],
    ['Unsupported class file major version 69', 'class-version', '69'],
    [lombok, 'lombok-too-old', ''],
    [`${main}:[3,24] package javax.xml.bind does not exist`, 'java-package-gone', 'javax.xml.bind'],
    [`${main}:[3,24] package javax.servlet.http does not exist`, 'javax-jakarta', 'javax.servlet.http'],
    [certificate, 'jvm-certificate', ''],
    [
      'Could not transfer artifact x from/to own (https://own.example): status code: 401, reason phrase: Unauthorized (401)',
      'repository-login',
      '',
    ],
    [unknownHost, 'repository-host-not-found', 'repo.nowhere.example'],
    ['java.lang.OutOfMemoryError: Java heap space', 'jvm-out-of-memory', 'Java heap space'],
    ['The system is out of resources.\njava.lang.StackOverflowError\n\tat com.sun.tools', 'jvm-stack-overflow', ''],
    [
      "Unrecognized VM option 'MaxPermSize=512m'\nError: Could not create the Java Virtual Machine.",
      'jvm-option-unknown',
      'MaxPermSize=512m',
    ],
    [
      '[ERROR] Failed to execute goal io.github.git-commit-id:git-commit-id-maven-plugin:9.0.1:revision: .git directory is not found! Please specify a valid [dotGitDirectory]',
      'git-folder-missing',
      '',
    ],
    ['Could not find a valid Docker environment. Please see logs and check configuration', 'docker-missing', ''],
    [
      'java.lang.reflect.InaccessibleObjectException: Unable to make field accessible: module java.base does not "opens java.lang" to unnamed module @1',
      'java-module-closed',
      'java.base',
    ],
    [
      'Could not transfer artifact a:b:pom:1 from/to central (https://repo.example.org): Connect timed out',
      'repository-timeout',
      '',
    ],
    [
      '[ERROR] Rule 0: org.apache.maven.enforcer.rules.dependency.BannedDependencies failed with message:',
      'maven-enforcer',
      'BannedDependencies',
    ],
    ['[ERROR] Failed during checkstyle execution: You have 3 Checkstyle violations.', 'maven-style', '3'],
    [
      "[ERROR] Failed to run task: 'npm run build' failed. org.apache.commons.exec.ExecuteException",
      'maven-frontend',
      'npm run build',
    ],
    ['gpg: no default secret key: No secret key\ngpg: signing failed: No secret key', 'maven-signing', ''],
    ['[ERROR] error reading /c/repository/x.jar; zip END header not found', 'jar-damaged', ''],
    [`${main}:[3,24] package com.google.gsonx does not exist`, 'java-package-missing', 'com/example/Main.java:[3,24]'],
    [`${main}:[29,20] cannot find symbol\n  symbol:   class Gsson`, 'java-symbol-missing', 'Main.java:[29,20]'],
    [`${main}:[33,1] duplicate class: com.example.Main`, 'java-class-twice', 'com.example.Main'],
    [`${main}:[27,70] unmappable character (0xC3) for encoding US-ASCII`, 'java-encoding', 'US-ASCII'],
    [`${main}:[23,23] ';' expected`, 'java-compile', "';' expected"],
    [
      'Main.java:16: error: incompatible types: int cannot be converted to String',
      'java-compile',
      'incompatible types',
    ],
  ])('%.60s... is %s', (output, id, part) => {
    const error = recogniseFailure({ status: 1, output }, javaFailures, fallback)
    expect(error.id).toBe(id)
    expect(error.message).toContain(part)
  })
})

describe('the failures of languages of the Java virtual machine', () => {
  it('are each provoked by what a tool printed, in the tests of one of them', () => {
    const names = ['java', 'java-failures', 'gradle', 'scala', 'clojure']
    const tests = names.map((name) => readFileSync(path.join(import.meta.dirname, `${name}.test.ts`), 'utf8')).join()
    const known = new Set([javaFailures, gradleFailures, scalaFailures, clojureFailures].flat().map(({ id }) => id))
    expect([...known].filter((id) => !tests.includes(`'${id}',`))).toEqual([])
  })
})
