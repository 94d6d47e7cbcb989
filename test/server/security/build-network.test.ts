import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bootHearthServer, fixture, type HearthServer } from '../hearth-server.ts'

let hearth: HearthServer
let folder: string
beforeAll(async () => {
  hearth = await bootHearthServer()
  const { server } = hearth
  // A database on loopback, a registry on the local network.
  const listen = (port: number, address: string) => [
    ...['systemd-run', '/usr/lib/hearth/current/node', '-e'],
    `require('net').createServer().listen(${port}, '${address}')`,
  ]
  await server.exec(listen(5432, '127.0.0.1'))
  await server.exec(listen(4873, '0.0.0.0'))
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-network-'))
  await cp(fixture('node-express-like'), folder, { recursive: true })
  const gateway = server.host.replace(/\d+$/, '1')
  await addScript([
    ['127.0.0.1', 22],
    ['127.0.0.1', 5432],
    [server.host, 22],
    [server.host, 4873],
    [gateway, 22],
    ['169.254.169.254', 80],
  ])
}, 400_000)
afterAll(async () => {
  await hearth?.[Symbol.asyncDispose]()
  if (folder) await rm(folder, { recursive: true })
})

/** Run before the dependencies are installed, as Heroku does. */
async function addScript(places: (string | number)[][]): Promise<void> {
  const file = path.join(folder, 'package.json')
  const described = JSON.parse(await readFile(file, 'utf8'))
  described.scripts = { ...described.scripts, 'heroku-prebuild': 'node probe.js' }
  await writeFile(file, JSON.stringify(described))
  await writeFile(
    path.join(folder, 'probe.js'),
    `Promise.all(${JSON.stringify(places)}.map(([host, port]) => new Promise((resolve) => {
      const socket = require('node:net').connect({ host, port, timeout: 2000 })
      const end = (how) => { console.log('tried ' + host + ':' + port + ' ' + how); socket.destroy(); resolve() }
      socket.on('connect', () => end('reached')).on('timeout', () => end('silent')).on('error', (e) => end(e.code))
    })))`,
  )
}

let deploys = 0
async function tryPlaces(): Promise<string[]> {
  const { state, output, error } = await hearth.desktop.tryDeploy(`net-${++deploys}`, folder)
  expect(state, `${error}\n${output}`).toBe('succeeded')
  expect(output).toMatch(/Installing/)
  return [...output.matchAll(/tried (\S+ \w+)/g)].map(([, found]) => found ?? '')
}

describe('the network of builds', () => {
  test('reaches the registry, not the server, its loopback services or its local network', async () => {
    const tried = await tryPlaces()
    expect(tried).toHaveLength(6)
    expect(tried.join()).not.toContain('reached')
  })

  test('is put right after the rules were flushed', async () => {
    await hearth.server.exec(['nft', 'flush', 'ruleset'])
    expect((await tryPlaces()).join()).not.toContain('reached')
  })

  test('reaches what the operator allows, to the port', async () => {
    const { server, desktop } = hearth
    const change = `echo 'HEARTH_BUILD_ALLOW="${server.host}:4873"' >>/etc/hearth/environment; systemctl restart hearth-agent`
    await server.exec(['sh', '-c', change])
    await desktop.whenAnswering()
    const reached = (await tryPlaces()).filter((one) => one.endsWith('reached'))
    expect(reached).toEqual([`${server.host}:4873 reached`])
  })
})
