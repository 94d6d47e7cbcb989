import { EventEmitter } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { expect, test, vi } from 'vitest'
import type { Answers } from '../../../electron/bridge/answers.ts'
import { findVault, shellDoor } from '../../../electron/core-process/ask-shell.ts'
import { type OpenedCore, type ServeShellOptions, serveShell } from '../../../electron/core-process/serve-shell.ts'
import type { WindowPort } from '../../../electron/core-process/window-wire.ts'
import { until } from '../../tooling/until.ts'

const log = { error: vi.fn() }

/** Node's port, with the events of Electron's. */
function portOf(port: import('node:worker_threads').MessagePort): WindowPort {
  const events = new EventEmitter()
  return Object.assign(events, {
    postMessage: (message: unknown) => port.postMessage(message),
    start() {
      port.on('message', (data) => events.emit('message', { data }))
      port.on('close', () => events.emit('close'))
    },
    close: () => port.close(),
  }) as unknown as WindowPort
}

function open(openDesktop: ServeShellOptions['openDesktop']) {
  const sent: unknown[] = []
  const port = Object.assign(new EventEmitter(), { postMessage: (message: unknown) => sent.push(message) })
  const ended = serveShell({ port, openDesktop, log })
  ended.catch(() => {})
  const tell = (data: unknown, ports: WindowPort[] = []) => port.emit('message', { data, ports })
  return { sent, ended, tell }
}

const close = vi.fn(async () => {})
const core: OpenedCore = {
  answers: { calls: { 'settings.get': () => 'wrong' }, streams: {} } as unknown as Answers,
  close,
}

test('says that it is open, and ends when it is told to', async () => {
  const { sent, ended, tell } = open(async () => core)
  tell({ kind: 'start', previousEnd: null })
  await until(() => expect(sent).toEqual([{ kind: 'ready' }]))
  tell({ kind: 'close' })
  await ended
  expect(close).toHaveBeenCalled()
})

test('a window that asks while the core opens is answered as soon as it has', async () => {
  const opening = Promise.withResolvers<OpenedCore>()
  const { tell } = open(() => opening.promise)
  tell({ kind: 'start', previousEnd: 'status 139' })
  const { port1, port2 } = new MessageChannel()
  tell({ kind: 'window' }, [portOf(port1)])
  const heard = vi.fn()
  port2.on('message', heard)
  port2.postMessage(JSON.stringify({ t: 'call', i: 1, n: 'no.such', p: {} }))
  opening.resolve(core)
  await until(() => expect(heard).toHaveBeenCalled())
  expect(JSON.parse(heard.mock.calls[0]?.[0])).toMatchObject({ t: 'error', i: 1, e: { id: 'not_found' } })
  port2.close()
})

test('a bridge closes on what is neither text nor bytes', async () => {
  const { tell } = open(async () => core)
  tell({ kind: 'start', previousEnd: null })
  const { port1, port2 } = new MessageChannel()
  tell({ kind: 'window' }, [portOf(port1)])
  const closed = new Promise((resolve) => port2.on('close', resolve))
  port2.postMessage({ call: 'apps.list' })
  await closed
})

test('a core that can’t open ends with the reason', async () => {
  const { ended, tell } = open(async () => {
    throw new Error('HEARTH_HOME must be an absolute path')
  })
  tell({ kind: 'start', previousEnd: null })
  await expect(ended).rejects.toThrow('HEARTH_HOME must be an absolute path')
})

test('asks the shell for what only Electron has, and is told what went wrong', async () => {
  const { sent, tell } = open(async (shell) => {
    expect(await findVault(shell)).toEqual({ vault: null, obstacle: 'There is none.' })
    await expect(shellDoor(shell).chooseFolder()).rejects.toThrow('no display')
    return core
  })
  tell({ kind: 'start', previousEnd: null })
  await until(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toEqual({ kind: 'ask', id: 1, name: 'vault.find', parameters: {} })
  tell({ kind: 'answer', id: 1, result: { isThere: false, obstacle: 'There is none.' } })
  await until(() => expect(sent).toHaveLength(2))
  tell({ kind: 'refusal', id: 2, message: 'no display' })
  await until(() => expect(sent.at(-1)).toEqual({ kind: 'ready' }))
})
