// An app of each language as people write them, deployed on one server and asked over the router.
import { get, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bootHearthServer, fixture, type HearthServer } from '../hearth-server.ts'

let hearth: HearthServer
beforeAll(async () => {
  hearth = await bootHearthServer()
}, 400_000)
afterAll(() => hearth?.[Symbol.asyncDispose]())

async function deploy(app: string, folder: string, configVars: Record<string, string> = {}): Promise<string> {
  const { desktop } = hearth
  await desktop.calls['apps.create']({ serverId: desktop.serverId, name: app })
  if (Object.keys(configVars).length > 0)
    await desktop.calls['configVars.update']({ ...desktop.of(app), update: configVars })
  const { state, output } = await desktop.tryDeploy(app, fixture(folder))
  expect(state, output).toBe('succeeded')
  return output
}

async function ask(app: string, path: string) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { host: hearth.server.host, path, headers: { host: `${app}.localhost` }, agent: false }
    get(options, resolve).once('error', reject)
  })
  const text = Buffer.concat(await response.toArray()).toString()
  return { status: response.statusCode, headers: response.headers, text }
}

describe('on a server', () => {
  it('a static site is served as its static.json says, without any download', async () => {
    const output = await deploy('bakery', 'static-pages')
    expect(output).toContain('Static site app detected')
    expect(output).not.toContain('Installing')
    expect(await ask('bakery', '/hours')).toMatchObject({ status: 200, headers: { 'referrer-policy': 'no-referrer' } })
    expect(await ask('bakery', '/opening')).toMatchObject({ status: 301, headers: { location: '/hours' } })
    expect((await ask('bakery', '/static.json')).status).toBe(404)
  })

  it('a single-page app is built by Node.js, then served by its own folder', async () => {
    const output = await deploy('single', 'node-single-page', { VITE_GREETING: 'from a config var' })
    expect(output).toContain('Guessed from the pages in dist how to start the app')
    const page = await ask('single', '/any/address')
    expect(page).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } })
    const script = await ask('single', /\/assets\/[^"]+/.exec(page.text)?.[0] ?? '')
    expect(script.text).toContain('from a config var')
    expect(script.headers['cache-control']).toContain('immutable')
  })
})
