import net, { type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { listen } from '../../../electron/gateway/listen.ts'

test('a server that is tried on taken ports keeps nothing of them, and listens on the first free one', async () => {
  const [stranger, server] = [net.createServer(), net.createServer()]
  const listeners = () => [server.listenerCount('listening'), server.listenerCount('error')]
  try {
    expect(await listen(stranger, 0)).toBe(true)
    const { port } = stranger.address() as AddressInfo
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await listen(server, port)).toBe(false)
      expect(listeners()).toEqual([0, 0])
    }
    expect(await listen(server, 0)).toBe(true)
    expect(listeners()).toEqual([0, 0])
  } finally {
    stranger.close()
    server.close()
  }
})
