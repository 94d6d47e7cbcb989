import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isRewritten, rewriteAnswer, rewriteSource } from '../../../../electron/gateway/api/rewrite.ts'
import { openWorld, sendJson, type World } from './gateway-world.ts'

const secret = 'AbC-_0'.repeat(5)
const own = {
  base: 'http://127.0.0.1:8800',
  attachUrl: (s: string) => `https://127.0.0.1:8800/attach/${s}`,
  appUrl: (app: string): string | null => `http://${app}.localhost:8780`,
}

describe('addresses in answers', () => {
  test.each([
    ['logplex_url', `/streams/${secret}`, `http://127.0.0.1:8800/streams/${secret}`],
    ['output_stream_url', `/streams/${secret}`, `http://127.0.0.1:8800/streams/${secret}`],
    ['put_url', `/source-blobs/${secret}`, `http://127.0.0.1:8800/source-blobs/${secret}`],
    ['get_url', `/source-blobs/${secret}`, `http://127.0.0.1:8800/source-blobs/${secret}`],
    ['attach_url', `/attach/${secret}`, `https://127.0.0.1:8800/attach/${secret}`],
  ])('%s becomes ours, wherever it stands', (field, path, url) => {
    expect(rewriteAnswer({ [field]: path }, own)).toEqual({ [field]: url })
    expect(rewriteAnswer([{ a: { [field]: path } }], own)).toEqual([{ a: { [field]: url } }])
  })

  test.each([
    'http://evil.example/x',
    `http://evil.example/streams/${secret}`,
    `//evil.example/streams/${secret}`,
    `/streams/${secret}@evil.example`,
    `/streams/../apps`,
    `/streams/${secret}?x=http://evil.example`,
    `/streams/${secret}/..`,
    '/apps',
    `javascript:alert(1)`,
    `rendezvous://evil.example:5000/${secret}`,
    '@evil.example/x',
    `.evil.example/streams/${secret}`,
    '',
    7,
    null,
    { toString: 'x' },
    [`/streams/${secret}`],
  ])('%j of a hostile server becomes nothing', (value) => {
    for (const field of ['logplex_url', 'output_stream_url', 'put_url', 'get_url', 'attach_url'])
      expect(rewriteAnswer({ [field]: value }, own)).toEqual({ [field]: null })
  })

  test('of a slug’s archive become ours too', () => {
    const slug = (url: unknown) => ({ id: 's', blob: { method: 'PUT', url } })
    const ours = slug(`http://127.0.0.1:8800/source-blobs/${secret}`)
    expect(rewriteAnswer(slug(`/source-blobs/${secret}`), own)).toEqual(ours)
    for (const url of ['http://evil.example/x', '/apps', 7]) expect(rewriteAnswer(slug(url), own)).toEqual(slug(null))
  })

  test('of other fields stay as they are', () => {
    const answer = { web_url: 'http://shop.example/', url: `/streams/${secret}`, ids: [1, null, 'a'], b: true }
    expect(rewriteAnswer(answer, own)).toEqual(answer)
  })

  test('of an app without a domain is where this computer reaches it', () => {
    const app = { name: 'shop', web_url: null }
    expect(rewriteAnswer([app], own)).toEqual([{ name: 'shop', web_url: 'http://shop.localhost:8780/' }])
    expect(rewriteAnswer(app, { ...own, appUrl: () => null })).toEqual(app)
    const hostile = { name: 'evil.example/', web_url: null }
    expect(rewriteAnswer(hostile, own)).toEqual(hostile)
  })

  test('are no addresses where they are the names of config vars', () => {
    expect(isRewritten('/apps/shop/config-vars')).toBe(false)
    expect(isRewritten('/apps/shop/releases/3/config-vars?x=1')).toBe(false)
    expect(isRewritten('/apps/shop/releases/3')).toBe(true)
  })
})

test('a source under our address is the path that the agent gave', () => {
  const names = ['127.0.0.1:8800', 'localhost:8800']
  const blob = (url: string) => ({ source_blob: { url, version: 'v1' } })
  expect(rewriteSource(blob(`http://127.0.0.1:8800/source-blobs/${secret}`), names)).toEqual(
    blob(`/source-blobs/${secret}`),
  )
  for (const url of [`http://127.0.0.1:9/source-blobs/${secret}`, 'https://example.com/a.tgz', 'manifest:1'])
    expect(rewriteSource(blob(url), names)).toEqual(blob(url))
  expect(rewriteSource('no JSON', names)).toBe('no JSON')
})

describe('through the gateway', () => {
  let world: World
  beforeEach(async () => {
    world = await openWorld()
  })
  afterEach(() => world.close())

  test('a build is told the path of its source, and its client the address of the output', async () => {
    let seen = ''
    world.state.answer = (stream) => {
      stream.setEncoding('utf8').on('data', (chunk) => (seen += chunk))
      stream.on('end', () => sendJson(stream, 201, { id: 'b', output_stream_url: `/streams/${secret}` }))
    }
    const url = `http://127.0.0.1:${world.port}/source-blobs/${secret}`
    const body = JSON.stringify({ source_blob: { url, version: 'v1' } })
    const asked = await world.ask('/apps/shop/builds', { method: 'POST', body })
    expect(JSON.parse(seen)).toEqual({ source_blob: { url: `/source-blobs/${secret}`, version: 'v1' } })
    expect(JSON.parse(asked.body).output_stream_url).toBe(`http://127.0.0.1:${world.port}/streams/${secret}`)
  })

  test('config vars of any name arrive as they are', async () => {
    const vars = { attach_url: 'https://elsewhere.example/', logplex_url: '/x' }
    world.state.answer = (stream) => sendJson(stream, 200, vars)
    expect(JSON.parse((await world.ask('/apps/shop/config-vars')).body)).toEqual(vars)
  })

  test('a body that is no JSON is left to the agent to refuse', async () => {
    let seen = ''
    world.state.answer = (stream) => {
      stream.setEncoding('utf8').on('data', (chunk) => (seen += chunk))
      stream.on('end', () => sendJson(stream, 400, { id: 'bad_request', message: 'No JSON.' }))
    }
    const asked = await world.ask('/apps/shop/dynos', { method: 'POST', body: '{"command": ' })
    expect([seen, asked.status]).toEqual(['{"command": ', 400])
  })
})
