import type { Server } from 'node:net'

/** False when the address is taken or not to be had. */
export function listen(server: Server, port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const fail = () => resolve(false)
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve(true)
    })
  })
}
