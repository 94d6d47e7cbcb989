import { openSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type OpenProxy, startProxy } from './proxy.ts'

/** The router's headers and log line. HAProxy writes no files: its lines go to the standard output, which is one. */
export const openHaproxy: OpenProxy = async ({ folder, port, originPort, tls }) => {
  const file = path.join(folder, 'haproxy.cfg')
  const certificate = path.join(folder, 'tls.pem')
  await writeFile(certificate, `${tls.certificate}\n${tls.key}`)
  await writeFile(file, configuration({ port, originPort, tlsPort: tls.port, certificate }))
  const stdout = openSync(path.join(folder, 'log'), 'w')
  return { ...startProxy(['haproxy', '-db', '-f', file], { port, stdout }), tlsPort: tls.port }
}

const logFormat = [
  'at=info method=%HM path=\\"%HU\\" host=%[var(txn.host)] request_id=%ID fwd=\\"%ci\\" dyno=%s connect=%Tc',
  'service=%Ta status=%ST bytes=%B protocol=%HV tls=false',
].join(' ')

interface Places {
  readonly port: number
  readonly originPort: number
  readonly tlsPort: number
  readonly certificate: string
}

const configuration = ({ port, originPort, tlsPort, certificate }: Places) => `
global
  nbthread 1
  maxconn 8192
  log stdout len 4096 format raw local0
defaults
  mode http
  log global
  timeout connect 5s
  timeout client 60s
  timeout server 55s
  timeout tunnel 55s
  http-reuse safe
frontend router
  bind 127.0.0.1:${port}
  bind 127.0.0.1:${tlsPort} ssl crt ${certificate}
  log-format "${logFormat}"
  unique-id-format %[uuid()]
  http-request set-var(txn.host) hdr(host)
  http-request set-header X-Request-Id %[unique-id]
  http-request set-header X-Request-Start %[date(0,ms)]
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Port %[dst_port]
  http-request add-header Via "1.1 haproxy"
  http-response add-header Via "1.1 haproxy"
  option forwardfor
  default_backend dynos
backend dynos
  server web.1 127.0.0.1:${originPort}
`
