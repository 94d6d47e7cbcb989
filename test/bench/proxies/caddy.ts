import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { hostname, type OpenProxy, startProxy } from './proxy.ts'

/** With Caddy's own access log in a file: its fields, which are about the same. */
export const openCaddy: OpenProxy = async ({ folder, port, originPort }) => {
  const file = path.join(folder, 'Caddyfile')
  await writeFile(file, configuration(folder, port, originPort))
  const environment = { GOMAXPROCS: '1', HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  return startProxy(['caddy', 'run', '--config', file, '--adapter', 'caddyfile'], { port, environment })
}

const configuration = (folder: string, port: number, originPort: number) => `
{
  admin off
  auto_https off
  log { 
    level ERROR 
    output discard
  }
}
http://${hostname}:${port} {
  bind 127.0.0.1
  log {
    output file ${folder}/access.log
  }
  reverse_proxy 127.0.0.1:${originPort} {
    header_up X-Forwarded-Port ${port}
    header_up X-Request-Id {http.request.uuid}
    header_up X-Request-Start {time.now.unix_ms}
    header_up Via "1.1 caddy"
    header_down Via "1.1 caddy"
    transport http {
      keepalive_idle_conns_per_host 256
    }
  }
}
`
