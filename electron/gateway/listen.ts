import type { Server } from 'node:net'

/** False when the address is taken or not to be had; the server may be tried on another one then. */
export function listen(server: Server, port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const succeed = () => settle(true)
    const fail = () => settle(false)
    const settle = (isListening: boolean) => {
      server.off('listening', succeed)
      server.off('error', fail)
      resolve(isListening)
    }
    server.once('listening', succeed)
    server.once('error', fail)
    server.listen(port, host)
  })
}
