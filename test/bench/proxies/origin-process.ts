import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { end, onCore } from './proxy.ts'

/** The origin in a process of its own, on the cores that the proxies leave. */
export async function openOrigin(): Promise<{ port: number; close(): Promise<void> }> {
  const [program = '', ...command] = onCore('others', [process.execPath, path.join(import.meta.dirname, 'origin.ts')])
  const origin = spawn(program, command, { stdio: ['pipe', 'pipe', 'inherit'] })
  const [address] = (await once(createInterface(origin.stdout), 'line')) as [string]
  return { port: JSON.parse(address).port as number, close: () => end(origin) }
}
