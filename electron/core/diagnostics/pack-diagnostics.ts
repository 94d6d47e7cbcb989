import { buffer } from 'node:stream/consumers'
import { createGzip } from 'node:zlib'
import { pack } from 'tar-stream'
import type { DiagnosticFile } from './diagnostics.ts'

/** One tar with gzip, in a folder of its own name. */
export async function packDiagnostics(files: readonly DiagnosticFile[], name: string): Promise<Buffer> {
  const archive = pack()
  for (const file of files) archive.entry({ name: `${name}/${file.name}`, mode: 0o600 }, file.text)
  archive.finalize()
  return buffer(archive.pipe(createGzip()))
}

/** `hearth-diagnostics-2026-11-26-0422` */
export function nameDiagnostics(now: Date): string {
  return `hearth-diagnostics-${now.toISOString().slice(0, 16).replace('T', '-').replace(':', '')}`
}
