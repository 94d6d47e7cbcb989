// Where and on what a figure was measured; without it a figure says nothing.
import { spawnSync } from 'node:child_process'
import os from 'node:os'
import { root } from '../../tooling/repository.ts'

/** As in `Intel(R) Xeon(R) @ 2.60GHz, 2 cores, 24 GB, linux 6.1 x64, node 24.21.0`; no host name. */
export function describeMachine(): string {
  const cpus = os.cpus()
  const model = (cpus[0]?.model ?? 'unknown CPU').replace(/\s+/g, ' ').trim()
  const memory = `${Math.round(os.totalmem() / 1024 ** 3)} GB`
  const kernel = `${os.platform()} ${os.release().split('.').slice(0, 2).join('.')} ${os.arch()}`
  return [model, `${cpus.length} cores`, memory, kernel, `node ${process.versions.node}`].join(', ')
}

/** Twelve digits of the commit, with `+` when files differ from it. */
export function readCommit(): string {
  const git = (...parameters: string[]) => spawnSync('git', parameters, { cwd: root, encoding: 'utf8' })
  const head = git('rev-parse', '--short=12', 'HEAD')
  if (head.status !== 0) return 'unknown'
  const changed = git('status', '--porcelain', '--untracked-files=no').stdout.trim() !== ''
  return `${head.stdout.trim()}${changed ? '+' : ''}`
}
