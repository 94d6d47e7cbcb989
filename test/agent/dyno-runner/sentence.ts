import { readdir, readFile } from 'node:fs/promises'
import type { Bench } from '../dyno-runner-bench.ts'

export interface Sentence {
  readonly sentence: string
  /** Left out where memory can't be limited. */
  readonly needsMemoryLimits?: boolean
  readonly prove: (bench: Bench) => Promise<void>
}

/** A web dyno that greets. */
export const server = `
require('node:http').createServer((request, response) => response.end(process.env.GREETING))
  .listen(process.env.PORT, () => console.log('listening'))
`

export const never = new AbortController().signal
export const pty = { kind: 'pty', columns: 80, rows: 24 } as const
export const pipes = { kind: 'pipes', areErrorsApart: false } as const
export const apart = { kind: 'pipes', areErrorsApart: true } as const

/** How many processes of this machine have the marker in their environment. */
export async function findByEnvironment(marker: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = pids.map(async (pid) => {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
    return environment.includes(`MARKER=${marker}`)
  })
  return (await Promise.all(found)).filter(Boolean).length
}
