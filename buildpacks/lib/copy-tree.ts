import { access, mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { platformEnvironment } from './config.ts'
import { runProgram } from './process.ts'

/** Replaces `to` by a copy of `from`; where the file system can, the two share their blocks. */
export async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true })
  const temporary = `${to}.new`
  await rm(temporary, { recursive: true, force: true })
  const environment = { PATH: platformEnvironment.PATH ?? '' }
  const options = { directory: path.dirname(to), environment, isQuiet: true }
  const { status, output } = await runProgram('cp', ['-a', '--reflink=auto', '--', from, temporary], options)
  if (status !== 0) throw new Error(`${from} could not be copied: ${output.trim()}`)
  await rm(to, { recursive: true, force: true })
  await rename(temporary, to)
}

export async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
