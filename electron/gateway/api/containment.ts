import http from 'node:http'
import type { Duplex } from 'node:stream'
import { findTopic } from '../../../agent/contract/elsewhere/elsewhere.ts'
import { jsonMessage, renderMessage, sendMessage } from './answer.ts'
import { ownNames } from './guard.ts'

/**
 * The stock client asks some services by names of Heroku's, on the port and with the scheme that HEROKU_HOST has
 * (telex.heroku.com, particleboard.heroku.com, api.metrics.heroku.com; heroku 11.10), and shows them its token.
 */
const herokuName = /^([a-z0-9-]+\.)+(heroku|herokai)\.com$/

export interface TunnelOptions {
  readonly port: number
  /** The tunnel leads to this gateway itself. */
  readonly openOwn: () => void
}

/**
 * Answers CONNECT so that nothing a client says leaves this computer: tunnels to Heroku's names on our own port end here,
 * everything else is refused at once.
 */
export function openTunnel(target: string, socket: Duplex, head: Buffer, { port, openOwn }: TunnelOptions): void {
  const [, name = '', wanted = ''] = /^([^:]+):(\d+)$/.exec(target.toLowerCase()) ?? []
  const isOwn = ownNames(port).includes(`${name}:${wanted}`)
  const isContained = Number(wanted) === port && herokuName.test(name)
  if (!isOwn && !isContained) {
    const message = `Hearth's terminal lets the heroku client speak to its server only, and not to ${name || 'that place'}.`
    socket.end(renderMessage(jsonMessage(403, { id: 'forbidden', message })))
    return
  }
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
  if (head.length > 0) socket.unshift(head)
  if (isOwn) openOwn()
  else {
    absent.emit('connection', socket)
    socket.resume()
  }
}

/** What Heroku has there and a server of one's own has not. The client prints the sentence. */
const absent = http.createServer((request, response) => {
  const topic = findTopic(request.method ?? 'GET', (request.url ?? '/').split('?')[0] ?? '/')
  // Any port: the name is what tells the service.
  const name = (request.headers.host ?? 'It').split(':')[0]
  const message = `${topic ? `${topic.instead} ` : ''}${name} is a service of Heroku's own, which a Hearth server does not have. Nothing was sent there.`
  sendMessage(response, jsonMessage(404, { id: 'not_found', message }))
})
absent.on('clientError', (_, socket) => socket.destroy())
