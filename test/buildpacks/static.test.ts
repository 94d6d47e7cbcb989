import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSource } from '../../buildpacks/lib/source.ts'
import { chooseCaching } from '../../buildpacks/static/conditions.ts'
import { fitsPattern } from '../../buildpacks/static/pattern.ts'
import { chooseLogin } from '../../buildpacks/static/program.ts'
import { resolveProxies } from '../../buildpacks/static/proxy.ts'
import { serveSite } from '../../buildpacks/static/serve.ts'
import { parseSettings } from '../../buildpacks/static/settings.ts'
import { builtFolders, readSite } from '../../buildpacks/static/site.ts'

let app: string
let server: Server | undefined
beforeEach(async () => {
  app = await mkdtemp(path.join(os.tmpdir(), 'hearth-site-'))
})
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
  await rm(app, { recursive: true, force: true })
})

async function write(files: Record<string, string | object>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(app, name)), { recursive: true })
    await writeFile(path.join(app, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
}

const read = async (folders?: readonly string[]) => readSite(await openSource(app, ''), folders)

async function serve(files: Record<string, string | object>, login: string | null = null): Promise<void> {
  await write(files)
  const site = await read()
  if (!site) throw new Error('There is no site.')
  server = await serveSite({ site, app, port: 0, login })
}

const port = () => ((server as Server).address() as AddressInfo).port

/** Without fetch, which would tidy the address and unpack the answer. */
async function ask(target: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ port: port(), path: target, headers, method, agent: false }, resolve).once('error', reject).end()
  })
  const bytes = Buffer.concat(await response.toArray())
  return { status: response.statusCode, headers: response.headers, bytes, text: bytes.toString() }
}

describe('the folder of a static site', () => {
  it.each([
    [{ 'index.html': '', 'dist/index.html': '' }, '.'],
    [{ 'public/index.html': '' }, 'public'],
    [{ '_site/index.html': '', 'README.md': '' }, '_site'],
    [{ 'static.json': { root: 'web/' }, 'web/index.html': '', 'index.html': '' }, 'web'],
    [{ Staticfile: 'root: pages\n', 'pages/a.txt': '' }, 'pages'],
    [{ 'dist/shop/browser/index.html': '' }, 'dist/shop/browser'],
    [{ 'README.md': '' }, undefined],
  ])('of %j is %s', async (files, root) => {
    await write(files)
    expect((await read())?.root).toBe(root)
  })

  it('is the build of a Node.js app, not its sources', async () => {
    await write({ 'index.html': '<script src="/src/main.ts">', 'public/index.html': '', 'package.json': {} })
    expect(await read(builtFolders)).toBeNull()
    await write({ 'dist/index.html': '<script type="module" src="/assets/a.js"></script>' })
    expect(await read(builtFolders)).toMatchObject({ root: 'dist', routes: [{ pattern: '/**', file: 'index.html' }] })
  })

  it.each([
    ['../..', /outside/],
    ['nowhere', /not there/],
  ])('can not be %s', async (root, why) => {
    await write({ 'static.json': { root } })
    await expect(read()).rejects.toThrow(why)
  })
})

describe('static.json', () => {
  it.each([
    ['{', /not valid JSON/],
    ['[]', /not an object/],
    ['{"proxies":{"/api/":"https://example.com"}}', /proxies "\/api\/"/],
    ['{"routes":{"about":"index.html"}}', /"about" is not an address/],
    ['{"redirects":{"/a":{"url":"/b","status":200}}}', /200 is not a status/],
    ['{"redirects":{"/a":{}}}', /a text is expected/],
    ['{"headers":{"/**":{"X Y":"1"}}}', /"X Y" is not the name/],
    ['{"headers":{"/**":{"X-Y":"a\\nb"}}}', /these characters/],
    ['{"https_only":"yes"}', /true or false/],
  ])('%s is refused', (text, why) => {
    expect(() => parseSettings(text)).toThrow(why)
  })

  it('may say what means nothing here, and the user is told', () => {
    expect(parseSettings('{"logging":{},"root":"x"}')).toMatchObject({ root: 'x', ignored: ['logging'] })
  })

  it.each([
    ['/**', '/a/b', true],
    ['/*.png', '/a.png', true],
    ['/*.png', '/a/b.png', false],
    ['/docs/**/x', '/docs/x', true],
    ['/docs/**', '/docsx', false],
    ['/a.b', '/aXb', false],
    ['/(', '/(', true],
  ])('%s and %s: %s', (pattern, pathname, fits) => {
    expect(fitsPattern(pattern, pathname)).toBe(fits)
  })
})

describe('the server of a static site', () => {
  it('answers with files, their types, and the page of a folder', async () => {
    await serve({ 'index.html': '<h1>home', 'a/index.html': 'inner', 'a b.css': 'p{}', 'x.unknown': '?' })
    expect(await ask('/')).toMatchObject({
      status: 200,
      text: '<h1>home',
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
      },
    })
    expect(await ask('/a%20b.css?v=1')).toMatchObject({
      text: 'p{}',
      headers: { 'content-type': 'text/css; charset=utf-8' },
    })
    expect(await ask('/x.unknown')).toMatchObject({ headers: { 'content-type': 'application/octet-stream' } })
    expect(await ask('/a?q=1')).toMatchObject({ status: 301, headers: { location: '/a/?q=1' } })
    expect((await ask('/a/')).text).toBe('inner')
    expect((await ask('/nowhere')).status).toBe(404)
    expect((await ask('/nowhere/index.html')).status).toBe(404)
    expect(await ask('/', {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  })

  it('never leaves its folder, and hides what is not for visitors', async () => {
    await write({
      'secret.txt': 'secret',
      'web/index.html': 'home',
      'web/.env': 'secret',
      'web/.well-known/x': 'known',
    })
    await symlink('../secret.txt', path.join(app, 'web/link.txt'))
    await symlink('/etc', path.join(app, 'web/etc'))
    await serve({ 'static.json': { root: 'web', routes: { '/r': '../secret.txt' }, error_page: '../secret.txt' } })
    const targets = ['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/a/..%2f..%2fsecret.txt', '/link.txt']
    for (const target of [
      ...targets,
      '/etc/passwd',
      '/.env',
      '/.%65nv',
      '/r',
      '/%00',
      '/%zz',
      '/nowhere',
      '//etc/passwd',
    ])
      expect((await ask(target)).text, target).not.toMatch(/secret|root:/)
    expect((await ask('/.well-known/x')).text).toBe('known')
  })

  it('does not show the app around a site in its top folder', async () => {
    await serve({ 'index.html': 'home', Procfile: 'web: x', 'static.json': {}, 'node_modules/a/index.html': 'x' })
    for (const target of ['/Procfile', '/static.json', '/node_modules/a/', '/.hearth/site.mjs'])
      expect((await ask(target)).status, target).toBe(404)
  })

  it('redirects no one to another host by two slashes', async () => {
    await serve({ 'index.html': 'home', 'example.org/index.html': 'inner' })
    expect(await ask('//example.org')).toMatchObject({ status: 301, headers: { location: '/example.org/' } })
  })

  it('takes an address in the form of a proxy for no page', async () => {
    await serve({ 'index.html': 'home' })
    const socket = connect(port(), '127.0.0.1')
    socket.end('GET http://elsewhere.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(Buffer.concat(await socket.toArray()).toString()).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('serves clean addresses, routes, redirects, headers and an error page as static.json says', async () => {
    await serve({
      'static.json': {
        root: 'web',
        clean_urls: true,
        routes: { '/app/**': 'app.html', '/**': 'index.html' },
        redirects: { '/old/*': { url: '/new', status: 302 }, '/gone': '/about' },
        headers: { '/**': { 'X-One': '1' }, '/about': { 'X-One': '2', 'Cache-Control': 'public, max-age=60' } },
      },
      'web/index.html': 'home',
      'web/about.html': 'about',
      'web/app.html': 'app',
    })
    expect(await ask('/about')).toMatchObject({
      text: 'about',
      headers: { 'x-one': '2', 'cache-control': 'public, max-age=60' },
    })
    expect(await ask('/app/deep/page')).toMatchObject({ text: 'app', headers: { 'x-one': '1' } })
    expect(await ask('/any')).toMatchObject({ status: 200, text: 'home' })
    expect((await ask('/missing.js')).status).toBe(404)
    expect(await ask('/old/x?q')).toMatchObject({ status: 302, headers: { location: '/new?q' } })
    expect(await ask('/gone')).toMatchObject({ status: 301, headers: { location: '/about' } })
  })

  it('answers with the page for what is not found', async () => {
    await serve({ 'index.html': 'home', '404.html': 'lost' })
    expect(await ask('/nowhere')).toMatchObject({ status: 404, text: 'lost', headers: { 'cache-control': 'no-cache' } })
  })

  it('answers HEAD without a body, and a part of a file', async () => {
    await serve({ 'index.html': '0123456789', 'empty.txt': '' })
    expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, text: '', headers: { 'content-length': '10' } })
    const part = async (range: string, more = {}) => ask('/', { range, ...more })
    expect(await part('bytes=2-4')).toMatchObject({
      status: 206,
      text: '234',
      headers: { 'content-range': 'bytes 2-4/10' },
    })
    expect(await part('bytes=7-')).toMatchObject({ status: 206, text: '789' })
    expect(await part('bytes=-3')).toMatchObject({ status: 206, text: '789' })
    expect(await part('bytes=5-99')).toMatchObject({ status: 206, text: '56789' })
    expect(await part('bytes=10-')).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */10' } })
    for (const whole of ['bytes=4-2', 'bytes=1-2,4-5', 'lines=1-2', 'bytes=-'])
      expect(await part(whole), whole).toMatchObject({ status: 200, text: '0123456789' })
    expect(await part('bytes=2-4', { 'if-range': '"other"' })).toMatchObject({ status: 200 })
    expect(await ask('/empty.txt')).toMatchObject({ status: 200, text: '' })
  })

  it('says that nothing changed to who has the file', async () => {
    await serve({ 'index.html': 'home' })
    const { etag = '' } = (await ask('/')).headers
    for (const tags of [etag, `"x", W/${etag}`, '*'])
      expect(await ask('/', { 'if-none-match': tags }), tags).toMatchObject({
        status: 304,
        text: '',
        headers: { etag },
      })
    await write({ 'index.html': 'changed' })
    expect(await ask('/', { 'if-none-match': etag })).toMatchObject({ status: 200, text: 'changed' })
  })

  it('packs what shrinks, for those who take it', async () => {
    const text = 'words and words '.repeat(500)
    await serve({ 'index.html': text, 'a.png': text, 'small.css': 'p{}' })
    const packed = await ask('/', { 'accept-encoding': 'gzip, deflate' })
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect(gunzipSync(packed.bytes).toString()).toBe(text)
    const { etag = '' } = packed.headers
    expect((await ask('/', { 'accept-encoding': 'gzip', 'if-none-match': etag })).status).toBe(304)
    expect((await ask('/', { 'if-none-match': etag })).status).toBe(200)
    expect((await ask('/', { 'accept-encoding': 'gzip, br' })).headers['content-encoding']).toBe('br')
    expect((await ask('/', { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding']).toBeUndefined()
    expect((await ask('/', { 'accept-encoding': 'gzip', range: 'bytes=0-3' })).text).toBe('word')
    for (const target of ['/a.png', '/small.css'])
      expect((await ask(target, { 'accept-encoding': 'gzip' })).headers['content-encoding'], target).toBeUndefined()
  })

  it('hands on what static.json has proxies for, and brings back the answer', async () => {
    const backend = createServer((request, response) => {
      const { method, url, headers } = request
      if (url === '/v1/moved') return response.writeHead(302, { location: `${origin}/v1/there` }).end()
      request.setEncoding('utf8')
      let body = ''
      request.on('data', (text) => {
        body += text
      })
      request.on('end', () => {
        const told = { method, url, host: headers.host, authorization: headers.authorization, body }
        response.writeHead(201, { 'x-from': 'backend' }).end(JSON.stringify(told))
      })
    })
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(backend.address() as AddressInfo).port}`
    const origin = `http://${host}`
    const [api] = resolveProxies([{ from: '/api/', origin: `http://\${BACKEND}/v1` }], { BACKEND: host })
    try {
      await serve({
        'static.json': { root: 'web', proxies: { '/api/': { origin: api?.origin } } },
        'web/api/own.txt': 'own',
      })
      const answer = await ask('/api/shops/1?full=yes')
      expect(answer).toMatchObject({ status: 201, headers: { 'x-from': 'backend' } })
      expect(JSON.parse(answer.text)).toEqual({ method: 'GET', url: '/v1/shops/1?full=yes', host, body: '' })
      expect((await ask('/api/moved')).headers.location).toBe('/api/there')
      expect((await ask('/api/own.txt')).text).toBe('own')
      expect((await ask('/apis')).status).toBe(404)
      expect((await ask('/api/%2e%2e/secret')).status).toBe(400)
      const sent = await fetch(`http://127.0.0.1:${port()}/api/x`, {
        method: 'POST',
        body: 'a=1',
      })
      expect(await sent.json()).toMatchObject({ method: 'POST', url: '/v1/x', body: 'a=1' })
    } finally {
      backend.closeAllConnections()
      await new Promise((resolve) => backend.close(resolve))
    }
    expect(await ask('/api/x')).toMatchObject({ status: 502 })
  })

  it('does not start with a proxy to nowhere', () => {
    const resolve = (origin: string) => () => resolveProxies([{ from: '/api/', origin }], {})
    expect(resolve(`https://\${API_NAME}.example.com`)).toThrow(/set the config var API_NAME/)
    expect(resolve('example.com')).toThrow(/'example.com' is not an address of a server/)
  })

  it.each([
    [false, {}, null],
    [true, { BASIC_AUTH_USERNAME: 'ann', BASIC_AUTH_PASSWORD: 'x' }, 'ann:x'],
    [false, { BASIC_AUTH_USERNAME: 'ann', BASIC_AUTH_PASSWORD: 'x' }, 'ann:x'],
  ])('has with basic_auth %j and %j the login %j', (needsLogin, configVars, login) => {
    expect(chooseLogin({ needsLogin }, configVars)).toBe(login)
  })

  it('does not open a site whose login is not whole', () => {
    expect(() => chooseLogin({ needsLogin: true }, {})).toThrow(/BASIC_AUTH_PASSWORD/)
    expect(() => chooseLogin({ needsLogin: false }, { BASIC_AUTH_USERNAME: 'ann' })).toThrow(/BASIC_AUTH_PASSWORD/)
  })

  it('asks for https and for a login where it is told to', async () => {
    await serve(
      { 'index.html': 'home', 'static.json': { root: '.', https_only: true, basic_auth: true } },
      'ann:pass:word',
    )
    expect(await ask('/a?b', { 'x-forwarded-proto': 'http', host: 'x.example' })).toMatchObject({
      status: 301,
      headers: { location: 'https://x.example/a?b' },
    })
    const login = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
    expect(await ask('/')).toMatchObject({ status: 401, headers: { 'www-authenticate': /^Basic/ } })
    expect((await ask('/', login('ann:wrong'))).status).toBe(401)
    expect((await ask('/', login('ann:pass:word'))).text).toBe('home')
  })

  it.each([
    ['/assets/index-BqX2Zx9a.js', true],
    ['/main.3f2a91bc77.chunk.css', true],
    ['/_next/static/chunks/main-0a1b2c3d4e.js', true],
    ['/assets/jquery-migrate.js', false],
    ['/some-longname.js', false],
    ['/deadbeef.js', false],
    ['/style-20240101.css', false],
    ['/index.html', false],
  ])('%s may be kept for ever: %s', (pathname, isKept) => {
    expect(chooseCaching(pathname).includes('immutable')).toBe(isKept)
  })
})
