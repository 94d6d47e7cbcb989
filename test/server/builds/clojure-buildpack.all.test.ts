// Leiningen is Debian's, Clojure and its libraries come from Maven Central, through what this machine is set up with.
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
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
    const place = path.join(app.folder, file)
    await writeFile(place, change(await readFile(place, 'utf8')))
    const { state, output } = await app.deploy()
    expect(state).toBe('failed')
    expect(output).toContain(`(${id})`)
  })
})
