// Leiningen is Debian's; Clojure, tools.deps and libraries come from Maven Central, through what this machine is set up with.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'

let server: LanguageServer
beforeAll(async () => {
  server = await openLanguageServer()
}, 1_200_000)
afterAll(() => server?.[Symbol.asyncDispose]())

describe('a Clojure app on a server', () => {
  it('is a jar of its own, served and run once, and downloads nothing twice', async () => {
    const app = await server.open('clojure-small')
    await app.set({ GREETING: 'good evening' })
    const first = await app.deploy()
    expect(first.state, first.output).toBe('succeeded')
    expect(first.output).toContain('-----> Clojure app detected')
    expect(first.output).toContain('Retrieving org/clojure/data.json')
    await app.waitFor('good evening from clojure, web')
    const asked = await app.run('java -jar target/small.jar once; echo $RING_ENV; command -v lein || echo no lein')
    expect(asked.output).toBe('{"text":"good evening from clojure, once"}\nproduction\nno lein\n')
    const second = await app.deploy()
    expect(second.output).toContain('Using the downloads of the last build')
    expect(second.output).not.toContain('Retrieving')
  })

  it.each<[id: string, file: string, change: (text: string) => string]>([
    ['lein-dependency-missing', 'project.clj', (text) => text.replace('data.json ', 'data.json-not-there ')],
    ['clojure-symbol-missing', 'src/small/core.clj', (text) => text.replace('(describe "web")', '(descripe "web")')],
    [
      'clojure-namespace-missing',
      'src/small/core.clj',
      (text) => text.replace('clojure.data.json', 'clojure.data.jsn'),
    ],
    ['clojure-syntax', 'src/small/core.clj', (text) => text.trimEnd().slice(0, -2)],
  ])('that fails is told %s', async (id, file, change) => {
    const app = await server.open('clojure-small')
    await app.change(file, change)
    const { state, output } = await app.deploy()
    expect(state).toBe('failed')
    expect(output).toContain(`(${id})`)
  })
})

describe('a Clojure app with deps.edn on a server', () => {
  it('is made into a jar by its alias :build, served and run once, and downloads nothing twice', async () => {
    const app = await server.open('clojure-deps')
    await app.set({ GREETING: 'good evening' })
    const first = await app.deploy()
    expect(first.state, first.output).toBe('succeeded')
    expect(first.output).toContain('Building with tools.deps: clojure -T:build uber')
    expect(first.output).toMatch(/Downloading: org\/clojure\/data\.json/)
    await app.waitFor('good evening from deps.edn, web')
    const asked = await app.run('java -jar target/small.jar once; command -v clojure || echo no clojure')
    expect(asked.output).toBe('{"text":"good evening from deps.edn, once"}\nno clojure\n')
    const second = await app.deploy()
    expect(second.output).toContain('Using the downloads of the last build')
    expect(second.output).not.toMatch(/Downloading|Fetching/)
  })

  it('without that alias is run from its sources', async () => {
    const app = await server.open('clojure-deps')
    await app.change('build.clj', () => '')
    const built = await app.deploy()
    expect(built.state, built.output).toBe('succeeded')
    expect(built.output).toContain('Guessed from :main-opts in deps.edn how to start the app')
    await app.waitFor('hello from deps.edn, web')
  })

  it('is built by its own bin/build, which finds clojure', async () => {
    const app = await server.open('clojure-deps')
    await app.change('bin/build', () => 'set -e\nclojure --version\nclojure -T:build uber\n')
    const built = await app.deploy()
    expect(built.output).toContain('Clojure CLI of Hearth')
    await app.waitFor('hello from deps.edn, web')
  })

  it.each<[id: string, file: string, change: (text: string) => string]>([
    [
      'lein-dependency-missing',
      'deps.edn',
      // Asked after Maven Central, and not reached by each machine that runs the tests.
      (text) =>
        text.replace('data.json ', 'data.json-not-there ').replace('{:paths', '{:mvn/repos {"clojars" nil} :paths'),
    ],
    ['deps-file-invalid', 'deps.edn', (text) => text.trimEnd().slice(0, -1)],
    ['deps-local-missing', 'deps.edn', (text) => text.replace('{:mvn/version "2.5.0"}', '{:local/root "../json"}')],
    ['clojure-symbol-missing', 'src/small/core.clj', (text) => text.replace('(describe "web")', '(descripe "web")')],
    ['clojure-namespace-missing', 'build.clj', (text) => text.replace('tools.build.api', 'tools.biuld.api')],
  ])('that fails is told %s', async (id, file, change) => {
    const app = await server.open('clojure-deps')
    await app.change(file, change)
    const { state, output } = await app.deploy()
    expect(state).toBe('failed')
    expect(output).toContain(`(${id})`)
  })
})
