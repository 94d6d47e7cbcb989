import { spawnSync } from 'node:child_process'
import { openSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hostname, type OpenProxy, startProxy } from './proxy.ts'

/** With its own log of each request, a JSON line on the standard output, which is a file. */
export const openKamalProxy: OpenProxy = async ({ folder, port, originPort }) => {
  const environment = { GOMAXPROCS: '1', HOME: folder, XDG_CONFIG_HOME: folder, XDG_RUNTIME_DIR: folder }
  const command = ['kamal-proxy', 'run', '--http-port', String(port), '--https-port', String(port + 1)]
  const proxy = startProxy(command, { port, environment, stdout: openSync(path.join(folder, 'log'), 'w') })
  await sleep(500)
  const target = ['--target', `127.0.0.1:${originPort}`, '--host', hostname, '--health-check-path', '/1k']
  const env = { ...process.env, ...environment }
  const { status, stderr } = spawnSync('kamal-proxy', ['deploy', 'hello', ...target], { env, encoding: 'utf8' })
  if (status === 0) return proxy
  await proxy.close()
  throw new Error(`kamal-proxy takes no target: ${stderr}`)
}
