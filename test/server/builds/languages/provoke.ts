import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../../../agent/core/secret.ts'
import type { Language } from '../../../../buildpacks/lib/language.ts'
import { openWorkshop, type Workshop } from '../../../agent/builds/workshop.ts'
import { appOfEachTest } from '../../../buildpacks/app-folder.ts'
import type { LanguageApp } from './deploy-language.ts'

/** A failure that a language recognises, and an app whose build fails so: its files (an object is written as JSON), its config vars. */
export type Provocation = readonly [id: string, files: AppFiles, configVars?: Record<string, string>]
export type AppFiles = Readonly<Record<string, string | object>>

/**
 * Lets the language's own tools fail on This computer, each failure by an app of its own, and holds that nothing which is recognised
 * was left out but for a reason that is written down.
 */
export function provokeFailures(
  { name, failures }: Language,
  provocations: readonly Provocation[],
  { base = {}, unprovoked = {} }: { base?: AppFiles; unprovoked?: Readonly<Record<string, string>> } = {},
): void {
  describe(`a build of ${name} that fails`, () => {
    let workshop: Workshop
    beforeAll(async () => {
      workshop = await openWorkshop()
    })
    afterAll(() => workshop?.close())
    const source = appOfEachTest()
    // One app, so that tools which its builds fetch are fetched once.
    const app = { id: randomUUID(), name: 'sample' }

    it.each(provocations.map(([id, files, vars]) => ({ id, files, vars })))(
      'is told $id',
      async ({ id, files, vars = {} }) => {
        await source.write({ ...base, ...files })
        const url = await workshop.send(source.path, app.id)
        const request = workshop.request(url, { app, configVars: new Secret(vars) })
        const built = workshop.builder.build(request, new AbortController().signal)
        await expect(built, workshop.lastOutput).rejects.toMatchObject({ id: 'build_failed' })
        expect(findFailure(workshop.lastOutput), workshop.lastOutput).toBe(id)
      },
      600_000,
    )

    it('is recognised by nothing that was not provoked, but where it is said why not', () => {
      expect(listUnprovoked(failures, provocations)).toEqual(Object.keys(unprovoked))
    })
  })
}

/** The id that a failed build ends with: `(npm-eresolve)`. */
export function findFailure(output: string): string | undefined {
  return [...output.matchAll(/^ ! {5}\(([\w-]+)\)$/gm)].at(-1)?.[1]
}

/** Of an app on a server. */
export async function expectFailure(app: LanguageApp, id: string): Promise<void> {
  const { state, output } = await app.deploy()
  expect(findFailure(output), output).toBe(id)
  expect(state).toBe('failed')
}

export function listUnprovoked(
  failures: Language['failures'],
  provocations: readonly (readonly [string, ...unknown[]])[],
) {
  const provoked = new Set(provocations.map(([id]) => id))
  return failures.map(({ id }) => id).filter((id) => !provoked.has(id))
}
