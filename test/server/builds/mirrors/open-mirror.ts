import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { HearthServer } from '../../hearth-server.ts'

export interface Mirror extends AsyncDisposable {
  readonly url: string
}

/** Offers a folder of the server to its builds, as a mirror of a package index on the local network is; what is below `/private` wants a login. */
export async function openMirror({ server, desktop }: HearthServer, folder: string): Promise<Mirror> {
  // The first address of the servers' network is this machine's.
  const host = server.host.replace(/\d+$/, '1')
  const mirror = createServer((request, response) => {
    if (request.url?.startsWith('/private/')) return response.writeHead(401).end()
    const file = path.join(
      server.path(folder),
      decodeURIComponent(new URL(request.url ?? '/', 'http://mirror').pathname),
    )
    stat(file).then(
      (found) => {
        response.writeHead(found.isFile() ? 200 : 404)
        if (found.isFile()) createReadStream(file).pipe(response)
        else response.end()
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => mirror.listen(0, host, resolve))
  const place = `${host}:${(mirror.address() as AddressInfo).port}`
  const change = `echo 'HEARTH_BUILD_ALLOW="${place}"' >>/etc/hearth/environment; systemctl restart hearth-agent`
  await server.exec(['sh', '-c', change])
  await desktop.whenAnswering()
  return {
    url: `http://${place}/`,
    async [Symbol.asyncDispose]() {
      mirror.closeAllConnections()
      await new Promise<void>((resolve) => mirror.close(() => resolve()))
    },
  }
}
