import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Pipe } from '../../../electron/bridge/pipe.ts'
import { answerClient, type ClientTopicOptions } from '../../../electron/bridge/topics/client.ts'
import { ApiPorts } from '../../../electron/core/client/api-ports.ts'
import { ApiToken } from '../../../electron/core/client/api-token.ts'
import { ClientSetup } from '../../../electron/core/client/client-setup.ts'
import { LocalShells } from '../../../electron/core/client/local-shells.ts'
import { LastFolders } from '../../../electron/core/deploy/last-folders.ts'
import { startLocalTerminal } from '../../../electron/exec/local-terminal.ts'
import { until } from '../../tooling/until.ts'

let home: string
let shells: LocalShells
let token: ApiToken
let answers: ReturnType<typeof answerClient>
const environment = () => ({ PATH: process.env.PATH ?? '', HOME: home, LANG: 'C.UTF-8', SECRET_OF_DESKTOP: 'stays' })

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'hearth-shells-'))
  const directory = path.join(home, 'client')
  token = await ApiToken.open(path.join(directory, 'token.json'))
  const ports = await ApiPorts.open(path.join(directory, 'ports.json'))
  await ports.assign('nas', 8801)
  await writeFile(path.join(directory, 'authority.pem'), 'PEM')
  const setup = new ClientSetup({
    ...{ directory, home, token, ports, gitServers: () => [], serverUser: 'hearth', identity: path.join(home, 'key') },
  })
  const lastFolders = new LastFolders(path.join(home, 'folders.json'))
  shells = new LocalShells({
    ...{ setup, start: startLocalTerminal, nameOf: () => 'nas', program: '/bin/sh', environment: environment() },
    folderOf: async (serverId, app) => (app === null ? null : await lastFolders.of(serverId, app)) ?? home,
  })
  const rest = {
    gitRemotes: {},
    remoteAddresses: { all: () => [] },
    isApiServed: async () => true,
    nameOf: () => 'my nas',
  }
  const options = { client: setup, apiToken: token, apiPorts: ports, lastFolders, environment: environment(), ...rest }
  answers = answerClient(options as unknown as ClientTopicOptions, shells)
})
afterEach(async () => {
  shells.close()
  await rm(home, { recursive: true, force: true })
})

/** A window's end of a stream: what it shows, and a way to type and to close it. */
function openWindow() {
  const control = new AbortController()
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const shown = { text: '' }
  const pipe: Pipe = {
    bytes: readable,
    signal: control.signal,
    write: async (bytes) => {
      shown.text += Buffer.from(bytes).toString()
    },
  }
  return { pipe, shown, type: (text: string) => writer.write(Buffer.from(text)), close: () => control.abort() }
}

const size = { columns: 90, rows: 20 }
const open = (pipe: Pipe, app: string | null = null, terminalId = 't') =>
  answers['shells.open']({ serverId: 'nas', app, terminalId, ...size }, pipe)

describe('a shell of this computer in the window', () => {
  test('has the environment of its server, follows the window and tells how it ended', async () => {
    const { pipe, shown, type } = openWindow()
    const ended = open(pipe)
    await until(() => expect(shown.text).toContain('(hearth nas) '))
    await answers['shells.resize']({ terminalId: 't', columns: 120, rows: 40 })
    await type('stty size; echo "$HEROKU_HOST $HEROKU_API_KEY $TERM"; exit 4\n')
    expect(await ended).toEqual({ exitCode: 4 })
    expect(shown.text).toContain('40 120')
    expect(shown.text).toContain(`http://127.0.0.1:8801 ${token.text} xterm-256color`)
  })

  test('of an app begins where the app was deployed from, and knows it', async () => {
    await new LastFolders(path.join(home, 'folders.json')).note({
      serverId: 'nas',
      app: 'shop',
      path: path.join(home, 'client'),
    })
    const { pipe, shown, type } = openWindow()
    const ended = open(pipe, 'shop')
    await type('pwd; echo "app $HEROKU_APP"; exit\n')
    await ended
    expect(shown.text).toContain(path.join(home, 'client'))
    expect(shown.text).toContain('app shop')
  })

  test('ends with its window, and so does what runs in it', async () => {
    const { pipe, shown, type, close } = openWindow()
    const ended = open(pipe)
    await type("echo st''arted; exec sleep 60\n")
    await until(() => expect(shown.text).toContain('started'))
    close()
    expect(await ended).toEqual({ exitCode: 129 })
  })

  test('that was closed before it began is not left behind', async () => {
    const { pipe, close } = openWindow()
    close()
    expect((await open(pipe)).exitCode).toBeGreaterThan(0)
  })

  test('is not one of any number', async () => {
    const windows = Array.from({ length: 16 }, () => openWindow())
    const ended = windows.map(({ pipe }, at) => open(pipe, null, `t${at}`))
    for (const { shown } of windows) await until(() => expect(shown.text).toContain('hearth nas'))
    await expect(open(openWindow().pipe)).rejects.toThrow('16 terminals')
    for (const { close } of windows) close()
    await Promise.all(ended)
    const { pipe, type } = openWindow()
    const again = open(pipe)
    await type('exit 0\n')
    expect(await again).toEqual({ exitCode: 0 })
  })

  test('is refused for a server without an address', async () => {
    const { pipe } = openWindow()
    const asked = answers['shells.open']({ serverId: 'other', app: null, terminalId: 't', ...size }, pipe)
    await expect(asked).rejects.toMatchObject({ id: 'unavailable' })
  })
})

describe('how the client reaches a server', () => {
  test('is told without the token, which is only in what is copied', async () => {
    const told = await answers['client.get']({ serverId: 'nas' })
    expect(told).toMatchObject({ address: 'http://127.0.0.1:8801', movedFrom: null, isServed: true })
    expect(told.shellCommand).toBe("npm run hearth -- shell --server 'my nas'")
    expect(JSON.stringify(told)).not.toContain(token.text)
    const { text } = await answers['client.environment']({ serverId: 'nas', app: 'shop', syntax: 'fish' })
    expect(text).toContain(`set -gx HEROKU_API_KEY '${token.text}'`)
    expect(text).toContain("set -gx HEROKU_APP 'shop'")
    expect(text).not.toContain('SECRET_OF_DESKTOP')
  })

  test('by another token is at once in what git reads', async () => {
    const old = token.text
    await answers['client.revokeToken']({})
    const credentials = await readFile(path.join(home, 'client/git-credentials'), 'utf8')
    expect(credentials).toBe(`https://heroku:${token.text}@127.0.0.1:8801\n`)
    expect(token.text).not.toBe(old)
  })
})

test('the folder of an app is remembered as long as it is there', async () => {
  const folders = new LastFolders(path.join(home, 'folders.json'))
  await folders.note({ serverId: 'nas', app: 'shop', path: path.join(home, 'gone') })
  expect(await folders.of('nas', 'shop')).toBeNull()
  await folders.note({ serverId: 'nas', app: 'shop', path: home })
  await new LastFolders(path.join(home, 'folders.json')).note({ serverId: 'nas', app: 'blog', path: '/' })
  expect([await folders.of('nas', 'shop'), await folders.of('nas', 'blog'), await folders.of('vps', 'shop')]).toEqual([
    home,
    '/',
    null,
  ])
})
