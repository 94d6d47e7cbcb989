import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import type { SourceFile } from '../../agent/contract/sources/source.ts'
import type { Agent } from '../../electron/core/ports/agent.ts'
import { packBlobs } from '../agent/builds/send-folder.ts'

/** Files as the desktop describes them before it sends what the agent lacks. */
export function describeFiles(files: Readonly<Record<string, string>>) {
  const contents = new Map<string, Buffer>()
  const manifest: SourceFile[] = Object.entries(files).map(([path, text]) => {
    const content = Buffer.from(text)
    const sha256 = createHash('sha256').update(content).digest('hex')
    contents.set(sha256, content)
    return { path, mode: 0o644, sizeBytes: content.length, sha256 }
  })
  return { manifest, contents }
}

/** Sends an app's files as the desktop does; returns the address that a build takes them from. */
export async function sendFiles(agent: Agent, app: string, files: Readonly<Record<string, string>>): Promise<string> {
  const { manifest, contents } = describeFiles(files)
  const { id, missing, url } = await agent.call('createSourceManifest', { app }, { files: manifest })
  const options = { signal: AbortSignal.timeout(20_000), onSent: () => undefined }
  const received = await agent.putSourceBlobs({ app, manifest: id }, packBlobs(missing, contents), options)
  if (received.missing.length > 0) throw new Error(`The agent still lacks ${received.missing.length} files.`)
  return url
}

/** A gzipped tar, as other programs upload their sources. */
export async function packFiles(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack()
  for (const [name, text] of Object.entries(files)) tar.entry({ name }, text)
  tar.finalize()
  return gzipSync(await buffer(tar))
}
