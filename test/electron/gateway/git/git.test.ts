import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWorld, sendJson, type World } from '../api/gateway-world.ts'

let world: World
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-git-'))
  world = await openWorld()
})
afterEach(async () => {
  await world.close()
  await rm(folder, { recursive: true })
})

test.each([
  ['GET', '/shop.git/info/refs?service=git-upload-pack', 'advertise', 'git-upload-pack'],
  ['GET', '/shop.git/info/refs?service=git-receive-pack', 'advertise', 'git-receive-pack'],
  ['POST', '/shop.git/git-upload-pack', 'rpc', 'git-upload-pack'],
  ['POST', '/shop.git/git-receive-pack', 'rpc', 'git-receive-pack'],
])('%s %s is the half "%s" of %s at the agent', async (method, path, mode, service) => {
  let seen: { body: string } = { body: '' }
  world.state.answer = (stream, headers) => {
    seen = { ...headers, body: '' }
    stream.setEncoding('utf8').on('data', (chunk) => (seen.body += chunk))
    stream.on('end', () => {
      stream.respond({ ':status': 200, 'content-type': `application/x-${service}-result` })
      stream.end('pack')
    })
  }
  const headers = { 'git-protocol': 'version=2', 'content-encoding': 'gzip', 'hearth-git': 'session' }
  const body = method === 'POST' ? { body: 'want' } : {}
  const asked = await world.ask(path, { method, headers, ...body })
  expect(asked).toMatchObject({ status: 200, body: 'pack' })
  expect(asked.headers['content-type']).toBe(`application/x-${service}-result`)
  expect(seen).toMatchObject({
    ':method': 'POST',
    ':path': `/apps/shop/git/${service}`,
    'hearth-git': mode,
    'git-protocol': 'version=2',
    'content-encoding': 'gzip',
    body: method === 'POST' ? 'want' : '',
  })
})

test.each([
  ['GET', '/shop.git/info/refs'],
  ['GET', '/shop.git/HEAD'],
  ['GET', '/shop.git/objects/info/packs'],
  ['POST', '/shop.git/git-upload-archive'],
  ['GET', '/shop.git/info/refs?service=git-upload-archive'],
  ['GET', '/shop.git/git-receive-pack'],
])('%s %s is nothing of a repository', async (method, path) => {
  const asked = await world.ask(path, { method })
  expect([asked.status, asked.headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8'])
})

/** The git of this computer, without anything of its user's configuration. */
function git(...parameters: string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSL_CAINFO: world.files.certificate,
  }
  return new Promise((resolve) => {
    execFile('git', parameters, { cwd: folder, env }, (_, stdout, stderr) => resolve(`${stdout}${stderr}`))
  })
}

describe('git itself is told in words', () => {
  const remote = () => `https://127.0.0.1:${world.port}/shop.git`
  const withToken = (token: string) => `https://heroku:${token}@127.0.0.1:${world.port}/shop.git`

  test('that it must prove who it is', async () => {
    expect(await git('ls-remote', remote())).toContain("could not read Username for 'https://127.0.0.1:")
    expect(await git('ls-remote', withToken('wrong'))).toMatch(
      /remote: The token is missing, wrong or revoked\. .*\n.*Authentication failed/,
    )
  })

  test('that there is no such app, that a role is missing, and that the server is away', async () => {
    const url = withToken(world.token.text)
    world.state.answer = (stream) =>
      sendJson(stream, 404, { id: 'not_found', message: "Couldn't find that app: shop." })
    expect(await git('ls-remote', url)).toContain("remote: Couldn't find that app: shop.")
    world.state.answer = (stream) =>
      sendJson(stream, 403, { id: 'forbidden', message: 'You may view shop, not deploy it.' })
    expect(await git('ls-remote', url)).toContain('remote: You may view shop, not deploy it.')
    world.state.answer = () => world.fake.breakConnections()
    expect(await git('ls-remote', url)).toContain('remote: The connection to the server was lost.')
  })
})
