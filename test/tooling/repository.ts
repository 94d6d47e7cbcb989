// The files of the repository as git sees them: tracked, or new and not ignored.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')

export function listFiles(): string[] {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (listed.status !== 0) throw new Error(`git cannot list the files of ${root}: ${listed.stderr || listed.error}`)
  const files = listed.stdout.split('\0').filter((file) => file !== '' && file !== 'node_modules')
  return [...new Set(files)].filter((file) => existsSync(path.join(root, file)))
}

export function readText(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

export function isSource(file: string): boolean {
  // Apps of others, and of those who begin: neither is a part of the program.
  return /\.tsx?$/.test(file) && !/^(test\/fixtures|electron\/samples)\//.test(file)
}
