import type { Server } from '../../servers/index.ts'

const onServer = (server: Server, script: string) => server.exec(['sh', '-c', script])

/**
 * A name server of the server's own, which is the only one that it knows until `stop`: each name is at 192.0.2.53. It listens on all
 * interfaces, or on one address.
 */
export async function startOwnNameServer(server: Server, address?: string): Promise<{ stop(): Promise<void> }> {
  const answering = `const socket = require('dgram').createSocket('udp4')
    socket.on('message', (question, { port, address }) => {
      const name = question.subarray(12, question.indexOf(0, 12) + 5)
      const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 53])
      const head = Buffer.from([question[0], question[1], 0x81, 0x80, 0, 1, 0, name.at(-3) === 1 ? 1 : 0, 0, 0, 0, 0])
      socket.send(Buffer.concat([head, name, ...(name.at(-3) === 1 ? [record] : [])]), port, address)
    }).bind(${JSON.stringify({ port: 53, address })})`
  await server.exec(['systemd-run', '--unit=names', '/usr/lib/hearth/current/node', '-e', answering])
  await onServer(server, 'cp /etc/resolv.conf /root/resolv.conf; echo nameserver 127.0.0.1 >/etc/resolv.conf')
  return {
    async stop() {
      await onServer(server, 'cp /root/resolv.conf /etc/resolv.conf; systemctl stop names')
    },
  }
}

/** What a dyno asks to see whether it finds names; prints 192.0.2.53 then. */
export const askForName = 'timeout 9 getent ahostsv4 somewhere.example'
