import net from 'node:net'

/** The wanted port of 127.0.0.1 or the next that is free; after some tries any. */
export async function findFreePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + 50 && port <= 65_535; port += 1) if (await listenOnce(port)) return port
  const any = await listenOnce(0)
  if (any === null) throw new Error('No port of 127.0.0.1 is free.')
  return any
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => {
      const taken = server.address() as net.AddressInfo
      server.close(() => resolve(taken.port))
    })
  })
}
