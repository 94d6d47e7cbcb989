import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import http, { type IncomingMessage } from 'node:http'
import net from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import { ApiPorts } from '../../../../electron/core/client/api-ports.ts'
import { ApiToken } from '../../../../electron/core/client/api-token.ts'
import { ApiGateway } from '../../../../electron/gateway/api/api-gateway.ts'
import { until } from '../../../tooling/until.ts'
import { ask, openWorld, sendJson, type World } from './gateway-world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

describe('a request', () => {
  test("goes on as it is, with the server's token instead of this computer's", async () => {
    let seen: Record<string, unknown> = {}
    world.state.answer = (stream, headers) => {
      seen = { ...headers }
      stream.setEncoding('utf8').on('data', (chunk) => (seen.body = chunk))
      stream.on('end', () => sendJson(stream, 201, { id: 'x' }))
    }
    const headers = {
      accept: 'application/vnd.heroku+json; version=3.sdk',
      range: 'version ..; max=15, order=desc',
      'request-id': 'a,b',
      'if-none-match': '"e"',
      connection: 'close, x-gone',
      'x-gone': '1',
      cookie: 'a=b',
      'hearth-terminal': 'pipes',
    }
    const asked = await world.ask('/apps/shop/domains?x=1', { method: 'POST', headers, body: '{"hostname":"a"}' })
    expect(asked.status).toBe(201)
    expect(seen).toMatchObject({
      ':method': 'POST',
      ':path': '/apps/shop/domains?x=1',
      authorization: 'Bearer the-agents-token',
      accept: headers.accept,
      range: headers.range,
      'request-id': 'a,b',
      'if-none-match': '"e"',
      body: '{"hostname":"a"}',
    })
    for (const name of ['cookie', 'connection', 'x-gone', 'host', 'hearth-terminal'])
      expect(seen).not.toHaveProperty(name)
  })

  test('gets the headers that describe the answer, and none that lead elsewhere', async () => {
    world.state.answer = (stream) => {
      stream.respond({
        ':status': 206,
        'content-type': 'application/json',
        'next-range': 'version 3..; max=2',
        'request-id': 'r1',
        etag: '"e"',
        'x-heroku-warning': 'The disk is nearly full.',
        'ratelimit-remaining': '4500',
        location: 'http://evil.example/',
        'set-cookie': ['a=b'],
        'access-control-allow-origin': '*',
      })
      stream.end('[{"id":1}]')
    }
    const { status, headers, body } = await world.ask('/apps')
    expect([status, body]).toEqual([206, '[{"id":1}]'])
    expect(headers).toMatchObject({
      'next-range': 'version 3..; max=2',
      'request-id': 'r1',
      etag: '"e"',
      'x-heroku-warning': 'The disk is nearly full.',
      'ratelimit-remaining': '4500',
      'content-length': '10',
    })
    for (const name of ['location', 'set-cookie', 'access-control-allow-origin'])
      expect(headers).not.toHaveProperty(name)
  })

  test.each([
    ['Bearer', (token: string) => `Bearer ${token}`],
    [
      'Basic with the token as password',
      (token: string) => `Basic ${Buffer.from(`heroku:${token}`).toString('base64')}`,
    ],
    ['Basic without a user', (token: string) => `Basic ${Buffer.from(`:${token}`).toString('base64')}`],
  ])('is let in by %s', async (_, render) => {
    const { status } = await world.ask('/account', { headers: { authorization: render(world.token.text) } })
    expect(status).toBe(200)
  })

  test('without a body is sent without one', async () => {
    world.state.answer = (stream, headers) => {
      let sizeBytes = 0
      stream.on('data', (chunk: Buffer) => (sizeBytes += chunk.length))
      stream.on('end', () => sendJson(stream, 202, { method: headers[':method'], sizeBytes }))
    }
    expect(JSON.parse((await world.ask('/apps/shop/dynos', { method: 'DELETE' })).body)).toEqual({
      method: 'DELETE',
      sizeBytes: 0,
    })
  })

  test('shares one connection to the agent with all others', async () => {
    await Promise.all(Array.from({ length: 30 }, () => world.ask('/apps')))
    expect(world.state.opened).toBe(1)
  })
})

describe('while the server is away', () => {
  test('the answer says so at once', async () => {
    await world.close()
    world = await openWorld({
      openDoor: () => Promise.reject(new HearthError('unavailable', 'nas is not connected. Its host does not answer.')),
    })
    const { status, body } = await world.ask('/apps')
    expect(status).toBe(503)
    expect(JSON.parse(body)).toEqual({ id: 'unavailable', message: 'nas is not connected. Its host does not answer.' })
  })

  test('a new connection is used as soon as there is one', async () => {
    await world.ask('/apps')
    world.fake.breakConnections()
    await until(async () => expect((await world.ask('/apps')).status).toBe(200))
    expect(world.state.opened).toBe(2)
  })

  test('a connection that breaks before the answer is told as that', async () => {
    world.state.answer = () => world.fake.breakConnections()
    const { status, body } = await world.ask('/apps')
    expect(status).toBe(503)
    expect(JSON.parse(body).id).toBe('unavailable')
  })

  test.each([
    ['without a length', {}],
    ['with a length', { 'content-length': '100' }],
  ])('an answer that breaks off half-way %s is an error and no short success', async (_, headers) => {
    world.state.answer = (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/plain', ...headers })
      stream.write('half')
    }
    const request = http.get({ host: '127.0.0.1', port: world.port, path: `/streams/${'s'.repeat(32)}` })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const [first] = await once(response, 'data')
    expect(String(first)).toBe('half')
    world.fake.breakConnections()
    await expect(text(response)).rejects.toThrow(/aborted/)
  })

  test('JSON that breaks off half-way is an error and nothing else', async () => {
    world.state.answer = (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/json' })
      stream.write('[{"id":')
      setImmediate(() => world.fake.breakConnections())
    }
    expect((await world.ask('/apps')).status).toBe(503)
  })

  test('an agent that does not know this desktop is no fault of the token', async () => {
    world.state.answer = (stream) => sendJson(stream, 401, { id: 'unauthorized', message: 'no' })
    const { status, body } = await world.ask('/apps')
    expect([status, JSON.parse(body).message]).toEqual([403, expect.stringContaining('does not accept this desktop')])
  })
})

describe('a long body', () => {
  const megabyte = Buffer.alloc(1 << 20, 'x')

  test('is taken no faster than the agent reads it', async () => {
    world.state.answer = (stream) => stream.pause()
    const request = http.request({
      host: '127.0.0.1',
      port: world.port,
      path: `/source-blobs/${'s'.repeat(32)}`,
      method: 'PUT',
      headers: { 'content-length': String(1 << 30) },
    })
    request.on('error', () => {})
    let sent = 0
    const send = () => {
      while (!request.destroyed && sent < 1 << 30) {
        sent += megabyte.length
        if (!request.write(megabyte)) break
      }
    }
    request.on('drain', send)
    send()
    // Stands still: neither of the last looks found more sent than the one before.
    let before = -1
    await until(() => {
      const isStill = sent === before
      before = sent
      expect(isStill).toBe(true)
    })
    expect(sent).toBeLessThan(64 << 20)
    request.destroy()
  })

  test('is answered before its end when the agent has heard enough', async () => {
    world.state.answer = (stream) => sendJson(stream, 507, { id: 'disk_full', message: 'Full.' })
    const { status, body } = await world.ask(`/source-blobs/${'s'.repeat(32)}`, {
      method: 'PUT',
      body: Buffer.alloc(20 << 20),
    })
    expect([status, JSON.parse(body).id]).toEqual([507, 'disk_full'])
  })

  test('that is given up half-way never looks whole to the agent', async () => {
    const events: string[] = []
    world.state.answer = (stream) => {
      stream.on('data', () => events.push('data'))
      stream.on('end', () => events.push('end'))
      stream.on('close', () => events.push(stream.rstCode === 0 ? 'closed' : 'reset'))
    }
    const request = http.request({
      host: '127.0.0.1',
      port: world.port,
      path: `/source-blobs/${'s'.repeat(32)}`,
      method: 'PUT',
    })
    request.on('error', () => {})
    request.write('half')
    await until(() => expect(events).toContain('data'))
    request.destroy()
    await until(() => expect(events).toContain('reset'))
    expect(events).not.toContain('end')
  })
})

test('a reader of a log that stops reading holds up the agent and fills no memory', async () => {
  const line = Buffer.from(`${'x'.repeat(1023)}\n`)
  let sent = 0
  world.state.answer = (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'text/event-stream' })
    const flood = () => {
      while (!stream.destroyed) {
        sent += line.length
        if (!stream.write(line)) break
      }
    }
    stream.on('drain', flood)
    flood()
  }
  const request = http.get({ host: '127.0.0.1', port: world.port, path: `/streams/${'s'.repeat(32)}` })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.pause()
  let before = -1
  await until(() => {
    const isStill = sent === before
    before = sent
    expect(isStill).toBe(true)
  })
  expect(sent).toBeLessThan(32 << 20)
  // Others pass meanwhile.
  world.state.answer = (stream) => sendJson(stream, 200, [])
  expect((await world.ask('/apps')).status).toBe(200)
  request.destroy()
})

describe('the port', () => {
  test('stays the same over restarts', async () => {
    const { port, options, folder } = world
    await world.gateway.close()
    const ports = await ApiPorts.open(join(folder, 'ports.json'))
    const again = await ApiGateway.open({ ...options, ports })
    expect(ports.get('nas')).toEqual({ port, movedFrom: null })
    expect((await world.ask('/apps')).status).toBe(200)
    await again.close()
  })

  test('that another program has taken is left for another one, and that is noted', async () => {
    const { port, options } = world
    await world.gateway.close()
    const stranger = http.createServer((_, response) => response.end('I am somebody else'))
    await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve))
    const again = await ApiGateway.open(options)
    const moved = world.ports.get('nas')
    expect(moved?.port).not.toBe(port)
    expect(moved?.movedFrom).toBe(port)
    expect((await ask({ host: '127.0.0.1', port: moved?.port, path: '/apps' }, world.token.text)).status).toBe(200)
    await again.close()
    stranger.closeAllConnections()
    await new Promise((resolve) => stranger.close(resolve))
  })

  test('is shared by two Hearths, and the second serves when the first goes', async () => {
    const second = await ApiGateway.open(world.options)
    expect(world.ports.get('nas')).toEqual({ port: world.port, movedFrom: null })
    await world.gateway.close()
    await until(async () => expect((await world.ask('/apps')).status).toBe(200))
    await second.close()
  })

  test('is noted for good, also when two Hearths note some at once', async () => {
    const file = join(world.folder, 'shared-ports.json')
    const hearths = await Promise.all(['a', 'b'].map(async (name) => ({ name, ports: await ApiPorts.open(file) })))
    const noting = hearths.flatMap(({ name, ports }, hearth) =>
      [0, 1, 2, 3, 4].map((n) => ports.assign(`${name}${n}`, 9000 + 100 * hearth + n)),
    )
    await Promise.all([...noting, ...hearths.map(({ ports }, hearth) => ports.assign('both', 9500 + hearth))])
    expect((await ApiPorts.open(file)).all).toHaveLength(11)
    await Promise.all(hearths.map(({ ports }) => ports.refresh()))
    expect(new Set(hearths.map(({ ports }) => ports.get('both')?.port)).size).toBe(1)
  })

  test('is opened for a server that is added, and closed for one that is removed', async () => {
    await world.close()
    let ids = ['nas']
    let tell = () => {}
    world = await openWorld({
      serverIds: () => ids,
      onServersChange: (listener) => {
        tell = listener
        return () => {}
      },
    })
    ids = ['vps']
    tell()
    await until(() => expect(world.ports.get('vps')).not.toBeNull())
    const port = world.ports.get('vps')?.port
    expect((await ask({ host: '127.0.0.1', port, path: '/apps' }, world.token.text)).status).toBe(200)
    await until(() => expect(world.ask('/apps')).rejects.toThrow('ECONNREFUSED'))
  })

  test('answers from its first moment, when its number is not even noted', async () => {
    const ports = await ApiPorts.open(join(world.folder, 'other-ports.json'))
    const assign = ports.assign.bind(ports)
    let status = 0
    ports.assign = async (serverId, port, before) => {
      status = (await ask({ host: '127.0.0.1', port, path: '/apps' }, world.token.text)).status
      return assign(serverId, port, before)
    }
    const early = await ApiGateway.open({ ...world.options, ports })
    expect(status).toBe(200)
    await early.close()
  })

  test.runIf(process.platform === 'linux')('is on 127.0.0.1 and no other address', async () => {
    // Whoever listened on all addresses would have this one too.
    const other = net.createServer()
    await new Promise<void>((resolve, reject) => {
      other.once('error', reject)
      other.listen(world.port, '127.0.0.2', resolve)
    })
    await new Promise((resolve) => other.close(resolve))
  })
})

test('the buildpacks that a server brings along are nobody’s secret: the client asks for them without its token', async () => {
  const seen: unknown[] = []
  world.state.answer = (stream, headers) => {
    seen.push(headers[':path'], headers.authorization)
    sendJson(stream, 200, { blob_url: 'hearth/node' })
  }
  const path = '/buildpacks/heroku%2Fnodejs'
  const asked = await ask({ host: '127.0.0.1', port: world.port, path }, 'no token')
  expect([asked.status, JSON.parse(asked.body)]).toEqual([200, { blob_url: 'hearth/node' }])
  expect(seen).toEqual([path, 'Bearer the-agents-token'])
  for (const [method, other] of [
    ['POST', path],
    ['GET', '/buildpacks/a/b'],
    ['GET', '/buildpacksx'],
  ]) {
    const refused = await ask({ host: '127.0.0.1', port: world.port, path: other, method }, 'no token')
    expect(refused.status, `${method} ${other}`).toBe(401)
  }
  expect(seen).toHaveLength(2)
})

describe('the token', () => {
  test('is in a file that only its user can read', async () => {
    expect((await stat(join(world.folder, 'token.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(world.files.key)).mode & 0o777).toBe(0o600)
  })

  test('is refused at once when it is revoked, by whatever program', async () => {
    const old = world.token.text
    const elsewhere = await ApiToken.open(join(world.folder, 'token.json'))
    await elsewhere.revoke()
    const refused = await world.ask('/apps', { headers: { authorization: `Bearer ${old}` } })
    expect([refused.status, JSON.parse(refused.body).id]).toEqual([401, 'unauthorized'])
    expect((await world.ask('/apps')).status).toBe(200)
  })

  test('ends with what was opened by it', async () => {
    world.state.answer = (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' })
      stream.write('data: a\n\n')
    }
    const request = http.get({ host: '127.0.0.1', port: world.port, path: `/streams/${'s'.repeat(32)}` })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    await once(response, 'data')
    const ended = expect(text(response)).rejects.toThrow(/aborted/)
    await world.token.revoke()
    await ended
  })

  test('tells when it was used last, and by what', async () => {
    await world.ask('/apps', { headers: { 'user-agent': 'heroku-cli/11.10.0' } })
    await until(async () =>
      expect(await world.token.lastUse()).toMatchObject({ serverId: 'nas', client: 'heroku-cli/11.10.0' }),
    )
  })
})
