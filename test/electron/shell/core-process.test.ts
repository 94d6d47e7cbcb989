import type { MessagePortMain } from 'electron'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { recorded, resetElectron } from './electron-stub.ts'

vi.mock('electron', async () => (await import('./electron-stub.ts')).makeElectron())
const { CoreProcess } = await import('../../../electron/shell/core-process.ts')
const { answerCore } = await import('../../../electron/shell/shell-answers.ts')
const { openVault } = await import('../../../electron/shell/vault.ts')

const present = vi.fn()
const log = { error: vi.fn() }
const wantsAnotherTry = vi.fn(async (_lastWords: string) => true)
let core: InstanceType<typeof CoreProcess>

beforeEach(() => {
  resetElectron()
  vi.useFakeTimers()
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  core = new CoreProcess({
    path: '/app/core-process.js',
    answers: answerCore(openVault, present),
    wantsAnotherTry,
    log,
  })
  core.start()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const child = (index = recorded.children.length - 1) => recorded.children[index] as (typeof recorded.children)[number]
const sentTo = (index?: number) => child(index).postMessage.mock.calls
const port = (name: string) => ({ name }) as unknown as MessagePortMain

/** The running core ends, and all that waits for time has its time. */
async function end(status: number, words = ''): Promise<void> {
  if (words) child().stderr.emit('data', Buffer.from(words))
  child().emit('exit', status)
  await vi.advanceTimersByTimeAsync(30_000)
}

test('the core runs in a process of its own, without Electron’s API', () => {
  expect(recorded.children.map(({ path }) => path)).toEqual(['/app/core-process.js'])
  expect(sentTo()).toEqual([[{ kind: 'start', previousEnd: null }, []]])
})

test('a window’s port goes to the core untouched', () => {
  core.serveWindow(port('window'))
  expect(sentTo().at(-1)).toEqual([{ kind: 'window' }, [{ name: 'window' }]])
})

test('a core that crashed is started again and told how the one before ended', async () => {
  await end(139)
  expect(recorded.children).toHaveLength(2)
  expect(sentTo()[0]).toEqual([{ kind: 'start', previousEnd: 'status 139' }, []])
})

test('a window that asks while no core runs gets the next one', async () => {
  child().emit('exit', 139)
  core.serveWindow(port('waiting'))
  expect(recorded.children).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(sentTo(1)).toEqual([
    [{ kind: 'start', previousEnd: 'status 139' }, []],
    [{ kind: 'window' }, [{ name: 'waiting' }]],
  ])
})

test('each further crash is followed by a longer pause', async () => {
  const pauses: number[] = []
  for (let crash = 0; crash < 4; crash += 1) {
    const before = recorded.children.length
    child().emit('exit', 1)
    let waited = 0
    for (; recorded.children.length === before; waited += 10) await vi.advanceTimersByTimeAsync(10)
    pauses.push(waited)
  }
  expect([...pauses].sort((a, b) => a - b)).toEqual(pauses)
  expect(pauses[3]).toBeGreaterThan(3 * (pauses[0] ?? 0))
})

test('a core that ends again and again is started when the user says so, who is shown its last words', async () => {
  for (let crash = 0; crash < 4; crash += 1) await end(1, 'Error: the disk is full\n')
  expect(wantsAnotherTry).not.toHaveBeenCalled()
  wantsAnotherTry.mockResolvedValueOnce(false)
  await end(1, 'Error: the disk is full\n')
  expect(wantsAnotherTry).toHaveBeenCalledWith('Error: the disk is full')
  expect(recorded.children).toHaveLength(5)
})

test('a core that was open for long did not die of its start', async () => {
  for (let crash = 0; crash < 10; crash += 1) {
    child().emit('message', { kind: 'ready' })
    await vi.advanceTimersByTimeAsync(61_000)
    await end(139)
  }
  expect(wantsAnotherTry).not.toHaveBeenCalled()
  expect(recorded.children).toHaveLength(11)
})

test('a core that does not close in time is killed', async () => {
  const closing = core.close()
  await vi.advanceTimersByTimeAsync(25_000)
  expect(child().kill).toHaveBeenCalled()
  child().emit('exit', 143)
  await closing
})

describe('what the core asks for', () => {
  async function ask(message: unknown): Promise<unknown> {
    child().emit('message', message)
    await vi.advanceTimersByTimeAsync(0)
    return sentTo().at(-1)?.[0]
  }

  test('the key store seals and unseals for it', async () => {
    const found = await ask({ kind: 'ask', id: 1, name: 'vault.find', parameters: {} })
    expect(found).toEqual({ kind: 'answer', id: 1, result: { isThere: true, obstacle: null } })
    const sealed = await ask({ kind: 'ask', id: 2, name: 'vault.seal', parameters: { text: 'key' } })
    const { result } = sealed as { result: Uint8Array }
    expect(Buffer.from(result).toString()).toBe('sealed key')
    const opened = await ask({ kind: 'ask', id: 3, name: 'vault.unseal', parameters: { sealed: result } })
    expect(opened).toEqual({ kind: 'answer', id: 3, result: { text: 'key', isStale: false } })
  })

  test('a folder is chosen, and web links are opened', async () => {
    const folder = await ask({ kind: 'ask', id: 1, name: 'dialogs.chooseFolder', parameters: {} })
    expect(folder).toEqual({ kind: 'answer', id: 1, result: '/home/me/shop' })
    await ask({ kind: 'ask', id: 2, name: 'links.open', parameters: { url: 'file:///etc/passwd' } })
    await ask({ kind: 'ask', id: 3, name: 'links.open', parameters: { url: 'https://example.com/' } })
    expect(recorded.opened).toEqual(['https://example.com/'])
  })

  test.each([
    ['another call', { kind: 'ask', id: 1, name: 'shell.openPath', parameters: { path: '/bin/sh' } }],
    ['a name from the prototype', { kind: 'ask', id: 1, name: 'constructor', parameters: {} }],
    ['another message', { kind: 'quit' }],
    ['no object', 'vault.find'],
    ['more than the call takes', { kind: 'ask', id: 1, name: 'vault.find', parameters: {}, also: 1 }],
  ])('%s is dropped', async (_, message) => {
    const before = sentTo().length
    await ask(message)
    expect(sentTo()).toHaveLength(before)
    expect(log.error).toHaveBeenCalledWith('The core sent what the shell does not know', 'dropped')
  })

  test.each([
    ['parameters of another form', 'vault.seal', { text: 1 }],
    ['more text than a key is', 'vault.seal', { text: 'a'.repeat(5000) }],
    ['parameters that the call does not have', 'vault.find', { account: 'root' }],
    ['no bytes', 'vault.unseal', { sealed: 'text' }],
  ])('%s are refused', async (_, name, parameters) => {
    expect(await ask({ kind: 'ask', id: 7, name, parameters })).toMatchObject({ kind: 'refusal', id: 7 })
  })

  test('an answer for a core that is gone does not reach the next one', async () => {
    const gone = child()
    await end(139)
    gone.emit('message', { kind: 'ask', id: 1, name: 'vault.find', parameters: {} })
    await vi.advanceTimersByTimeAsync(10)
    expect(sentTo()).toEqual([[{ kind: 'start', previousEnd: 'status 139' }, []]])
  })
})
