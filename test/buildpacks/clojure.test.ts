import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { prepareCli } from '../../buildpacks/clojure/cli.ts'
import { chooseDepsTask, chooseSourceProcess } from '../../buildpacks/clojure/deps.ts'
import { clojureFailures } from '../../buildpacks/clojure/failures.ts'
import { chooseTasks } from '../../buildpacks/clojure/lein.ts'
import { gatherLibraries } from '../../buildpacks/clojure/libraries.ts'
import { chooseMirrors, writeLeinMirrors } from '../../buildpacks/clojure/mirrors.ts'
import { readProject } from '../../buildpacks/clojure/project.ts'
import { renderMirrors } from '../../buildpacks/jvm/central.ts'
import { openBuild } from '../../buildpacks/lib/build.ts'
import { recogniseFailure } from '../../buildpacks/lib/failures.ts'
import { openSource } from '../../buildpacks/lib/source.ts'
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

describe('the mirrors that an app or its server names', () => {
  const central = 'https://maven.example/all/'
  const vars = { 'env/MAVEN_MIRROR_URL': central, 'env/CLOJARS_MIRROR_URL': 'https://clojars.example/"' }
  async function openApp(files: Record<string, string>) {
    await write(files)
    const folders = { cache: path.join(app.path, 'cache'), configVarDirectory: path.join(app.path, 'env') }
    return openBuild({ app: app.path, ...folders })
  }

  it('are told to Leiningen for all profiles, and to tools.deps', async () => {
    const build = await openApp({ 'project.clj': '(defproject a "1")', ...vars })
    const file = (await writeLeinMirrors(build)) ?? ''
    expect(path.relative(app.path, file)).toBe('repository-overrides.clj')
    expect(await readFile(file, 'utf8')).toBe(
      `{:mirrors [["central" {:name "hearth-central" :url "${central}"}] ["clojars" {:name "hearth-clojars" :url "https://clojars.example/\\""}]]}\n`,
    )
    expect(renderMirrors(chooseMirrors(build))).toMatch(
      /<mirrorOf>central<\/mirrorOf>\s+<url>https:\/\/maven[\s\S]*<mirrorOf>clojars<\/mirrorOf>/,
    )
  })

  it.each<[why: string, files: Record<string, string>]>([
    ['there are none', {}],
    ['Leiningen would refuse them', { 'env/MAVEN_MIRROR_URL': 'http://maven.example/' }],
    [
      'project.clj has its own',
      { ...vars, 'project.clj': '(defproject a "1" :mirrors {"central" "https://x.example"})' },
    ],
    ['the app has such a file', { ...vars, 'repository-overrides.clj': '{}' }],
  ])('are not told to Leiningen where %s', async (_, files) => {
    expect(await writeLeinMirrors(await openApp({ 'project.clj': '(defproject a "1")', ...files }))).toBeNull()
  })
})

describe('the build of an app with deps.edn', () => {
  const alias = '{:aliases {:build {:ns-default build}}}'
  it.each<[files: Record<string, string>, task: string | undefined]>([
    [{ 'deps.edn': alias, 'build.clj': '(defn jar [_])\n(defn uber [opts])' }, '-T:build uber'],
    [{ 'deps.edn': alias, 'build.clj': '; (defn uber [_])\n(defn ci [_])' }, '-T:build ci'],
    [{ 'deps.edn': '{} ; :build {}', 'build.clj': '(defn uber [_])' }, undefined],
    [{ 'deps.edn': alias }, undefined],
    [{ 'deps.edn': '{}', 'env/CLOJURE_BUILD_TASK': '-X:uberjar :jar shop.jar' }, '-X:uberjar :jar shop.jar'],
  ])('of %j does %s', async (files, task) => {
    expect((await chooseDepsTask(await write(files)))?.join(' ')).toBe(task)
  })

  it('that makes no jar is run from its sources, with all that is not part of it beside it', async () => {
    const source = await write({
      'app/deps.edn': '{:aliases {:test {:main-opts ["-m" "kaocha.runner"]} :run {:main-opts ["-m" "web-shop.core"]}}}',
      'app/src/web_shop/core.clj': '',
      'cache/one/json.jar': 'one',
      'cache/two/json.jar': 'two',
      'cache/libs/3f2a/src/lib.clj': '',
    })
    const at = (name: string) => path.join(source.app, name)
    await gatherLibraries(
      { app: at('app') },
      `WARNING: x\nsrc:${['cache/one/json.jar', 'cache/two/json.jar', 'cache/libs/3f2a/src'].map(at).join(':')}\n`,
    )
    const text = await readFile(at('app/target/classpath'), 'utf8')
    expect(text).toBe('src:target/lib/json.jar:target/lib/1-json.jar:target/lib/src')
    expect(await readFile(at('app/target/lib/1-json.jar'), 'utf8')).toBe('two')
    expect(await chooseSourceProcess(await openSource(at('app'), ''))).toEqual({
      type: 'web',
      command: 'java $JAVA_OPTS -cp "$(cat target/classpath)" clojure.main -m web-shop.core',
      guessedFrom: ':main-opts in deps.edn',
    })
  })
})

describe('the command clojure of a build', () => {
  it('is put together from what was pinned, and from nothing else', async () => {
    let status = 200
    const mirror = createServer((_, response) => response.writeHead(status).end('no jar')).listen(0, '127.0.0.1')
    try {
      await once(mirror, 'listening')
      const place = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/`
      await write({ 'env/MAVEN_MIRROR_URL': place, 'env/no_proxy': '*' })
      const folders = { cache: path.join(app.path, 'cache'), configVarDirectory: path.join(app.path, 'env') }
      const prepare = async () => prepareCli(await openBuild({ app: app.path, ...folders }))
      await expect(prepare()).rejects.toMatchObject({ id: 'clojure-cli-damaged' })
      status = 404
      await expect(prepare()).rejects.toMatchObject({ id: 'clojure-cli-not-fetched' })
    } finally {
      mirror.close()
    }
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
    ['Warning: profile :prod not found.', 'lein-profile-unknown', 'prod'],
    [
      'java.io.FileNotFoundException: /app/checkouts/json/project.clj (No such file or directory)',
      'lein-checkouts',
      'json',
    ],
    ['Missing environment variable DATABASE_URL', 'clojure-config-var', 'DATABASE_URL'],
    ['Syntax error compiling fn* at (small/core.clj:12:1).', 'clojure-compile', 'small/core.clj:12:1'],
    ['java.lang.OutOfMemoryError: Java heap space', 'jvm-out-of-memory', 'Java heap space'],
    [
      'WARNING: Specified aliases are undeclared and are not being used: [:biuld]',
      'deps-alias-missing',
      'deps.edn has no alias :biuld',
    ],
    [
      'Error building classpath. Error reading edn, delimiter unmatched (/app/deps.edn)',
      'deps-file-invalid',
      'delimiter',
    ],
    [
      'Error building classpath. Unable to clone /c/gitlibs/_repos/https/git.example/a/b',
      'deps-git-unreachable',
      'a/b',
    ],
    ['Error building classpath. Library a/b has invalid tag: v9', 'deps-git-commit', 'a/b'],
    ['Error building classpath. Local lib a/b not found: ../b', 'deps-local-missing', 'a/b'],
    ['Error building classpath. The following libs must be prepared before use: [a/b]', 'deps-unprepared', 'a/b'],
    ['Namespace build has no function ubr', 'deps-build-function', 'ubr'],
  ])('%.60s... is %s', (output, id, part) => {
    const failure = recogniseFailure({ status: 1, output }, clojureFailures, fallback)
    expect(failure.id).toBe(id)
    expect(failure.message).toContain(part)
  })
})
