// npm run test:systems [-- SUITE...]: Hearth on each system that it promises to run on, from a machine with nothing but sshd to a
// release that was rolled back. Writes docs/systems.md. Needs root; a quarter of an hour, and an archive of each system.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildAgent, fixture, TestDesktop } from '../server/hearth-server.ts'
import { bootServer, eventually, nameOf, type Server, type Suite, suites } from '../servers/index.ts'
import { root } from '../tooling/repository.ts'
import { renderSystems, type SystemResult } from './render-systems.ts'

const tried: readonly Suite[] = ['bookworm', 'trixie', 'jammy', 'noble']
/** Of a machine that may be busy with other things, and a mirror that may be far. */
const installMs = 900_000
const wanted = process.argv.slice(2)
for (const name of wanted)
  if (!suites.some((suite) => suite === name))
    throw new Error(`There is no suite ${name}; there are ${suites.join(', ')}.`)
const page = path.join(root, 'docs/systems.md')
const results: SystemResult[] = []
for (const suite of tried.filter((one) => wanted.length === 0 || wanted.includes(one)))
  for (const user of ['root', 'debian'] as const) {
    const result = await trySystem(suite, user)
    results.push(result)
    await writeFile(page, renderSystems(await readFile(page, 'utf8'), [result]))
  }
process.exit(results.every(({ failure }) => failure === null) ? 0 : 1)

async function trySystem(suite: Suite, user: 'root' | 'debian'): Promise<SystemResult> {
  const result: SystemResult = { system: nameOf(suite), user, systemd: '', steps: {}, failure: null }
  console.log(`\n${result.system}, as ${user}`)
  const step: Step = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const started = performance.now()
    const value = await act()
    result.steps[name] = (performance.now() - started) / 1000
    console.log(`  ${name}: ${result.steps[name].toFixed(1)} s`)
    return value
  }
  try {
    await using server = await step('boot', () => bootServer({ suite, say: console.log }))
    result.systemd = (await server.exec(['systemctl', '--version'])).stdout.split(/\s+/)[1] ?? ''
    const home = await mkdtemp(path.join(tmpdir(), 'hearth-home-'))
    const as = Object.create(server, { user: { value: user } }) as Server
    await using desktop = await TestDesktop.open(home, as)
    await step('install', async () => {
      await desktop.install(buildAgent(), installMs)
      await desktop.whenOnline()
    })
    await walkThrough(desktop, server, step)
  } catch (error) {
    result.failure = (error as Error).message.split('\n')[0] ?? 'unknown'
    console.log(`  FAILED: ${(error as Error).stack}`)
  }
  return result
}

type Step = <T>(name: string, act: () => Promise<T>) => Promise<T>

async function walkThrough(desktop: TestDesktop, server: Server, step: Step): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-app-'))
  await cp(fixture('node-hello'), folder, { recursive: true })
  const source = (text: string) =>
    writeFile(
      path.join(folder, 'server.js'),
      `require('http').createServer((q, s) => s.end('${text}')).listen(process.env.PORT)`,
    )
  const answers = async (text: string) =>
    eventually(async () => (await ask(server.host).catch(() => '')) === text, 60_000, `the app does not say ${text}`)
  try {
    await step('deploy', async () => {
      await source('first')
      await desktop.deploy('systems', folder)
      await answers('first')
    })
    await step('redeploy', async () => {
      await source('second')
      await desktop.deploy('systems', folder)
      await answers('second')
    })
    await step('reboot', async () => {
      await server.reboot()
      await answers('second')
    })
    await step('roll back', async () => {
      await desktop.whenAnswering()
      await desktop.calls['releases.rollback']({ ...desktop.of('systems'), version: 2 })
      await answers('first')
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function ask(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host, headers: { host: 'systems.localhost' }, timeout: 5000 }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve(text))
    })
    request.on('timeout', () => request.destroy(new Error('no answer'))).on('error', reject)
  })
}
