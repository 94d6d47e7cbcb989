import { describe, expect, it } from 'vitest'
import { clojureFailures } from '../../buildpacks/clojure/failures.ts'
import { chooseTasks } from '../../buildpacks/clojure/lein.ts'
import { readProject } from '../../buildpacks/clojure/project.ts'
import { recogniseFailure } from '../../buildpacks/lib/failures.ts'
import { appOfEachTest } from './app-folder.ts'

const app = appOfEachTest()
const { write } = app

describe('the build of a Clojure app', () => {
  it.each<[files: Record<string, string>, tasks: string]>([
    [{ 'project.clj': '(defproject a "1" :uberjar-name "a.jar")' }, 'uberjar'],
    [{ 'project.clj': '(defproject a "1"\n  :main a.core)' }, 'uberjar'],
    [{ 'project.clj': '(defproject a "1") ; :main a.core' }, 'with-profile production compile :all'],
    [{ 'project.clj': ':main x', 'env/LEIN_BUILD_TASK': 'do clean, ring uberjar' }, 'do clean, ring uberjar'],
  ])('of %j does %s', async (files, tasks) => {
    expect((await chooseTasks(await write(files))).join(' ')).toBe(tasks)
  })

  it('that is for a Leiningen of long ago is refused', async () => {
    const source = await write({ 'project.clj': '(defproject a "1" :min-lein-version "1.7.0")' })
    await expect(readProject(source)).rejects.toMatchObject({ id: 'leiningen-too-old' })
  })
})

// What Leiningen 2.10 with Clojure 1.12 printed, shortened, and where it can't be made to say it here, others.
const where = '{:clojure.main/message\n "Syntax error'
describe('a failed build of Clojure', () => {
  const fallback = { id: 'unknown', headline: 'It failed.', advice: 'Look above.' }
  it.each([
    ['*** Warning: This project requires Leiningen 2.99.0, but you have 2.10.0 ***', 'lein-version', '2.99.0, and'],
    ["'frobnicate' is not a task. See 'lein help'.", 'lein-task-unknown', 'frobnicate'],
    [
      'Could not find artifact com.example:none:jar:1.0 in central (https://repo.example.org/maven2/)',
      'lein-dependency-missing',
      'com.example:none:jar:1.0',
    ],
    [
      'Could not transfer artifact ring:ring-core:pom:1.9.0 from/to clojars (https://repo.example.org/): Connect timed out',
      'lein-repository-unreachable',
      'ring:ring-core:pom:1.9.0',
    ],
    [
      'Tried to use insecure HTTP repository without TLS:\n old: http://repo.example.com/',
      'lein-repository-http',
      'old',
    ],
    [
      'java.lang.Exception: Error loading /app/project.clj\nCaused by: java.lang.RuntimeException: EOF while reading, starting at line 7',
      'lein-project-invalid',
      'EOF while reading',
    ],
    [
      'Warning: The Main-Class specified does not exist within the jar. Uberjar main namespace not found',
      'lein-no-main',
      '',
    ],
    ['Aborting due to :pedantic? :abort', 'lein-pedantic', ''],
    ['Ran 2 tests containing 3 assertions.\n1 failures, 0 errors.\nTests failed.', 'lein-tests-failed', ''],
    [
      `${where} compiling at (small/core.clj:9:3).\\nUnable to resolve symbol: parse-long in this context"`,
      'clojure-too-old',
      'parse-long',
    ],
    [
      `${where} compiling at (small/core.clj:9:3).\\nUnable to resolve symbol: prinln in this context"`,
      'clojure-symbol-missing',
      'prinln',
    ],
    [
      'Could not locate clojure/data/jsn__init.class, clojure/data/jsn.clj or clojure/data/jsn.cljc on classpath.',
      'clojure-namespace-missing',
      'clojure/data/jsn',
    ],
    ['Caused by: java.lang.ClassNotFoundException: com.example.Gone', 'clojure-class-missing', 'com.example.Gone'],
    [
      'Execution error (ClassNotFoundException) at java.net.URLClassLoader/findClass (URLClassLoader.java:445).\njava.net.InetSocketAddres',
      'clojure-class-missing',
      'java.net.InetSocketAddres',
    ],
    ['No such var: json/rite-str', 'clojure-alias-missing', 'json/rite-str'],
    [
      `${where} reading source at (small/core.clj:30:1).\\nEOF while reading, starting at line 21"`,
      'clojure-syntax',
      'starting at line 21',
    ],
    ['Unmatched delimiter: )', 'clojure-syntax', 'Unmatched delimiter'],
    ['Wrong number of args (1) passed to: small.core/describe', 'clojure-arity', '1'],
    ['Call to clojure.core/let did not conform to spec.', 'clojure-spec', 'clojure.core/let'],
    ['Missing environment variable DATABASE_URL', 'clojure-config-var', 'DATABASE_URL'],
    ['Syntax error compiling fn* at (small/core.clj:12:1).', 'clojure-compile', 'small/core.clj:12:1'],
    ['java.lang.OutOfMemoryError: Java heap space', 'jvm-out-of-memory', 'Java heap space'],
  ])('%.60s... is %s', (output, id, part) => {
    const failure = recogniseFailure({ status: 1, output }, clojureFailures, fallback)
    expect(failure.id).toBe(id)
    expect(failure.message).toContain(part)
  })
})
