import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { DefaultProcess } from '../lib/buildpack.ts'

/** In the build's own copy of the buildpack: bin/release has to know what compile made, and the app is not to hold it. */
const file = path.join(import.meta.dirname, 'binaries.json')

/** Likely names of the program that serves, likely ones first. */
const webNames = ['web', 'server', 'api', 'app', 'http']

export function writeBinaries(names: readonly string[]): Promise<void> {
  return writeFile(file, JSON.stringify(names))
}

export async function readBinaries(): Promise<string[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as string[]
  } catch {
    return []
  }
}

/** One program is the web process; of several each is a process type of its own name, as on Heroku. */
export function chooseProcesses(binaries: readonly string[], module: string | null): DefaultProcess[] {
  const fit = binaries.filter((name) => /^[\w-]+$/.test(name))
  const [only] = fit
  if (only && fit.length === 1) return [{ type: 'web', command: `bin/${only}`, guessedFrom: null }]
  const own = fit.map((name) => ({ type: name, command: `bin/${name}`, guessedFrom: null }))
  const likely = [...webNames, module?.split('/').at(-1) ?? ''].find((name) => fit.includes(name))
  if (!likely || likely === 'web') return own
  return [...own, { type: 'web', command: `bin/${likely}`, guessedFrom: `the name of bin/${likely}` }]
}
