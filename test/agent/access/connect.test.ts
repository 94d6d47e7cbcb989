import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  addAuthorizedKey,
  listAuthorizedKeys,
  removeAuthorizedKey,
  renderAuthorizedKey,
} from '../../../agent/access/authorized-keys.ts'
import { type ConnectOptions, connect } from '../../../agent/access/connect.ts'
import { openKeys } from '../../../agent/access/keys.ts'
import { parsePublicKey } from '../../../agent/access/public-key.ts'
import { actorId, readToken } from '../../../agent/access/token.ts'

const program = ['/usr/lib/hearth/current/node', '/usr/lib/hearth/current/agent.mjs']
const door = { program, sockets: ['/run/hearth/agent.sock', '/run/hearth-router/http.sock'] }
const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIJuQXo2ZsW1Lr8mXyW3pD2m0zqJQf0bFQzq0m3yq8w0N'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-access-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('authorized keys', () => {
  const key = parsePublicKey(`ssh-ed25519 ${blob} ada@laptop\n`)

  test('a line takes everything away but the agent', () => {
    expect(renderAuthorizedKey(key, door)).toBe(
      'restrict,port-forwarding,permitopen="[/run/hearth/agent.sock]:*",permitopen="[/run/hearth-router/http.sock]:*",' +
        'permitlisten="127.0.0.1:1",' +
        `command="/usr/lib/hearth/current/node /usr/lib/hearth/current/agent.mjs connect ${key.id}" ` +
        `ssh-ed25519 ${blob} ada@laptop`,
    )
  })

  test('adding twice keeps one line, and lines of others stay', () => {
    const others = `# mine\nssh-rsa ${blob.replace('A', 'B')} other\n`
    const once = addAuthorizedKey(others, key, door)
    const twice = addAuthorizedKey(once, { ...key, comment: 'grace@desk' }, door)
    expect(listAuthorizedKeys(twice)).toEqual([{ ...key, comment: 'grace@desk', letInAt: null }])
    expect(removeAuthorizedKey(twice, key.id)).toBe(others)
  })

  test("root's word goes with the key, and is gone with it", () => {
    const at = '2026-11-21T10:00:00.000Z'
    const marked = addAuthorizedKey('# mine\n', key, door, at)
    expect(listAuthorizedKeys(marked)).toEqual([{ ...key, letInAt: at }])
    expect(listAuthorizedKeys(addAuthorizedKey(marked, key, door))).toEqual([{ ...key, letInAt: null }])
    expect(removeAuthorizedKey(marked, key.id)).toBe('# mine\n')
  })

  test('quotes in the command are escaped and a second line is refused', () => {
    expect(renderAuthorizedKey(key, { program: ['a "b"'], sockets: [] })).toContain('command="a \\"b\\" connect')
    expect(() => renderAuthorizedKey(key, { program: ['a\nb'], sockets: [] })).toThrow('one line')
  })
})

describe('the forced command', () => {
  const key = parsePublicKey(`ssh-ed25519 ${blob} ada@laptop`)
  beforeEach(() => writeFile(join(folder, 'authorized_keys'), addAuthorizedKey('', key, door)))

  const options = (originalCommand: string, rest: Partial<ConnectOptions> = {}): ConnectOptions => ({
    keyId: key.id,
    originalCommand,
    gitProtocol: '',
    keyDirectory: folder,
    socketPath: join(folder, 'agent.sock'),
    authorizedKeysPath: join(folder, 'authorized_keys'),
    input: new PassThrough(),
    output: new PassThrough(),
    say: () => {},
    nowMs: 0,
    ...rest,
  })

  test('prints a token of the key', async () => {
    const { mintKey } = await openKeys(folder)
    const output = new PassThrough()
    await connect(options('token', { output }))
    const { token, socket } = JSON.parse(output.read().toString())
    expect(readToken(mintKey, token, 1)).toEqual({ id: actorId(key.id), email: 'ada@laptop' })
    expect(socket).toBe(join(folder, 'agent.sock'))
  })

  test.each(['token', 'stdio'])('does no %s for a key that was removed', async (command) => {
    await openKeys(folder)
    await writeFile(join(folder, 'authorized_keys'), `# ${addAuthorizedKey('', key, door)}`)
    await expect(connect(options(command))).rejects.toThrow('removed')
  })

  test.each(['', 'sh', 'token; sh', 'token '])('refuses %j', async (command) => {
    await expect(connect(options(command))).rejects.toThrow('opens no shell')
  })

  test('joins the streams and the socket of the agent', async () => {
    const server = net.createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket))
    await new Promise<void>((resolve) => server.listen(join(folder, 'agent.sock'), resolve))
    const input = new PassThrough()
    const output = new PassThrough()
    input.end('hello')
    await connect(options('stdio', { input, output }))
    expect(await text(output)).toBe('hello')
    await new Promise((resolve) => server.close(resolve))
  })

  test('says that the agent does not run', async () => {
    await expect(connect(options('stdio'))).rejects.toThrow('not running')
  })
})
