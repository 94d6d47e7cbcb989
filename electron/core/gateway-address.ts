import { rm } from 'node:fs/promises'
import { z } from 'zod'
import { identify, isRunning } from './embedded/process-lock.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'

const address = z.object({ port: z.number().int(), pid: z.number().int().positive(), started: z.string().nullable() })

/** Says where this process serves apps, for commands beside it. Returns what takes it back. */
export async function publishGateway(path: string, port: number): Promise<() => Promise<void>> {
  await writeJsonFile(path, { port, ...(await identify(process.pid)) })
  return () => rm(path, { force: true })
}

/** Where a running desktop serves apps; null without one. A port alone would not do: it may be somebody else's by now. */
export async function findGateway(path: string): Promise<number | null> {
  const { value } = await readJsonFile(path, address)
  return value !== null && (await isRunning(value)) ? value.port : null
}
