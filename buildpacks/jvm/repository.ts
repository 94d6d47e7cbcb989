import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { platformEnvironment } from '../lib/config.ts'
import { isThere } from '../lib/copy-tree.ts'
import { printDetail } from '../lib/output.ts'
import { runProgram } from '../lib/process.ts'
import { findFiles } from './find-files.ts'

/** More than most apps ever download; what is larger holds mainly versions that nobody asks for any more. */
const maximumMegabytes = 2048

/**
 * The downloads of the app's builds, which are named by version and so never change. What could be wrong the next time is taken out:
 * that something was not found, and what the app itself installed there, which must come from its source.
 */
export async function prepareDownloads(folder: string, made: string): Promise<void> {
  const file = `${folder}-made-by`
  const last = await readFile(file, 'utf8').catch(() => '')
  const size = await measureMegabytes(folder)
  if (last !== '' && last !== made) await drop(folder, `it was made by ${last}`)
  else if (size > maximumMegabytes) await drop(folder, `it has grown to ${size} MB`)
  else if (await isThere(folder)) printDetail(`Using the downloads of the last build (${size} MB)`)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, made)
  for (const name of await findFiles(folder, '**/*.lastUpdated')) await rm(path.join(folder, name), { force: true })
}

/** Maven writes such a file beside what was installed from here, and only there. */
export async function forgetInstalled(folder: string): Promise<void> {
  for (const name of await findFiles(folder, '**/maven-metadata-local.xml'))
    await rm(path.dirname(path.join(folder, name)), { recursive: true, force: true })
}

async function drop(folder: string, reason: string): Promise<void> {
  printDetail(`Not using the downloads of the last build: ${reason}`)
  await rm(folder, { recursive: true, force: true })
}

async function measureMegabytes(folder: string): Promise<number> {
  const options = { directory: '/', environment: platformEnvironment, isQuiet: true }
  const { output } = await runProgram('du', ['-sm', folder], options)
  return Number.parseInt(output, 10) || 0
}
