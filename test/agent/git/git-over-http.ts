// Stands for the desktop's gateway: an HTTP/1.1 server whose git URLs are the agent's endpoints.
import http from 'node:http'
import http2 from 'node:http2'
import net, { type AddressInfo } from 'node:net'

export interface GitOverHttp {
  /** `http://127.0.0.1:1234` */
  readonly url: string
  /** Of requests so far: mode, service, content encoding. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

export async function openGitOverHttp(socketPath: string, token: string): Promise<GitOverHttp> {
  const session = http2.connect('http://agent', { createConnection: () => net.connect(socketPath) })
  session.on('error', () => {})
  const requests: string[] = []
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x')
    const [, app, rest] = /^\/([\w-]+)\.git\/(.*)$/.exec(url.pathname) ?? []
    const mode = rest === 'info/refs' ? 'advertise' : 'rpc'
    const service = mode === 'advertise' ? url.searchParams.get('service') : rest
    requests.push(`${mode} ${service} ${request.headers['content-encoding'] ?? 'plain'}`)
    const passed = ['content-encoding', 'git-protocol'].flatMap((name) => {
      const value = request.headers[name]
      return typeof value === 'string' ? [[name, value] as const] : []
    })
    const stream = session.request({
      ':method': 'POST',
      ':path': `/apps/${app}/git/${service}`,
      authorization: `Bearer ${token}`,
      'hearth-git': mode,
      ...Object.fromEntries(passed),
    })
    stream.on('error', () => response.destroy())
    stream.once('response', (headers) => {
      const type = headers['content-type']
      response.writeHead(Number(headers[':status']), type ? { 'content-type': type } : {})
      stream.pipe(response)
    })
    response.once('close', () => stream.close())
    request.pipe(stream)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      session.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
