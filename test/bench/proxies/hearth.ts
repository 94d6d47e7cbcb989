// The router as a server runs it, in a process of its own. Its log lines are taken from it and counted; what an agent does with them
// would be work on the cores of the load and the origin, and only here.
import path from 'node:path'
import { openRouterControl } from '../../../agent/router/control/control-client.ts'
import { followLog } from '../../../agent/router/control/follow-log.ts'
import { root } from '../../tooling/repository.ts'
import { hostname, type OpenProxy, startProxy } from './proxy.ts'

const lineFeed = 0x0a

export const openHearth: OpenProxy = async ({ folder, port, originPort, tls }) => {
  const places = ['--run', folder, '--router-directory', folder, '--router-port', String(port)]
  const tlsPlace = ['--router-tls-port', String(tls.port)]
  const command = [
    process.execPath,
    `${root}/dist/agent/agent.mjs`,
    'router',
    '--runner',
    'process',
    ...places,
    ...tlsPlace,
  ]
  const router = startProxy(command, { port })
  const controlPath = path.join(folder, 'control.sock')
  const control = openRouterControl({ controlPath, readsLog: false })
  let lines = 0
  let checked = 0
  // Two, since each may have no more than 200 unanswered requests.
  const dynos = ['web.1', 'web.2'].map((name) => ({ id: name, name, host: '127.0.0.1', port: originPort }))
  const certificates = [{ hostnames: [hostname], certificate: tls.certificate, key: tls.key }]
  const named = { id: 'hello', name: 'hello', hostnames: [hostname], certificates }
  const app = { ...named, maintenance: false, state: 'up' as const, dynos }
  await control.apply({ revision: 1, apps: [app] })
  const endLog = followLog(controlPath, (bytes) => {
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) lines += 1
  })
  return {
    ...router,
    tlsPort: tls.port,
    async checkLog(requests) {
      for (let wait = 0; lines - checked < requests && wait < 100; wait++) await new Promise((go) => setTimeout(go, 20))
      if (lines - checked < requests) throw new Error(`Only ${lines - checked} of ${requests} requests were logged.`)
      checked = lines
    },
    async close() {
      endLog()
      await control.close()
      await router.close()
    },
  }
}
