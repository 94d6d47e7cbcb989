import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { digestTree } from '../../../agent/builds/trees/tree-digest.ts'
import { Secret } from '../../../agent/core/secret.ts'
import { fixture, openWorkshop, type Workshop } from '../../agent/builds/workshop.ts'

// On this computer: nothing but the buildpacks themselves decides what a slug holds. Packages come from the machine's own indexes.
let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
})
afterAll(() => workshop?.close())

/** Of an app that was never built before, so that nothing is kept. */
async function build(name: string): Promise<ReadonlyMap<string, string>> {
  const app = { id: randomUUID(), name: 'sample' }
  const url = await workshop.send(fixture(name), app.id)
  const request = workshop.request(url, { app, configVars: new Secret({ SECRET_KEY: 'x' }) })
  const built = await workshop.builder.build(request, new AbortController().signal)
  return (await digestTree((await workshop.slugs.open(built)).appDirectory)).digests
}

it.each([
  'static-pages',
  'node-express-like',
  'node-single-page',
  'go-hello',
  'go-small',
  'python-flask',
  'python-fastapi-uv',
  'python-bottle-pipenv',
  'python-django-poetry',
  'java-small',
  'java-spring',
  'kotlin-ktor',
  'scala-small',
  'clojure-small',
  'clojure-deps',
])(
  '%s is the same slug each time that it is built from the same source and layers',
  async (name) => {
    const [one, two] = [await build(name), await build(name)]
    expect([...two].filter(([file, digest]) => one.get(file) !== digest).map(([file]) => file)).toEqual([])
    expect(two.size).toBe(one.size)
  },
  600_000,
)
