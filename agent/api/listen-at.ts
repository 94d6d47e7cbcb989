import { chmodSync, rmSync } from 'node:fs'
import type { Http2Server } from 'node:http2'

/** At a unix socket of this mode, whatever an earlier process left there. */
export async function listenAt(server: Http2Server, path: string, mode: number): Promise<void> {
  rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  chmodSync(path, mode)
}
