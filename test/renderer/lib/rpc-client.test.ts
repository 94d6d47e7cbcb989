import { describe, expect, test } from 'vitest'
import { connectBridge } from '../../../renderer/lib/rpc/rpc-client.ts'
import { windowBytes } from '../../../renderer/lib/rpc/rpc-stream.ts'
import { makeMemoryWire } from '../world/memory-wire.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('calls', () => {
  test('a call resolves with the result of its own number, in whatever order answers come', async () => {
    const wire = makeMemoryWire()
    const bridge = connectBridge(wire)
    const first = bridge.call('servers.list', {})
    const second = bridge.call('settings.get', {})
    expect(wire.frames).toEqual([
      { t: 'call', i: 1, n: 'servers.list', p: {} },
      { t: 'call', i: 2, n: 'settings.get', p: {} },
    ])
    wire.answer({ t: 'ok', i: 2, r: 'second' })
    wire.answer({ t: 'ok', i: 1, r: 'first' })
    expect(await first).toBe('first')
    expect(await second).toBe('second')
  })

  test('an error arrives as the envelope that was sent', async () => {
    const wire = makeMemoryWire()
    const bridge = connectBridge(wire)
    const call = bridge.call('servers.list', {})
    const error = { id: 'not_found', message: "Couldn't find that app: nope.", detail: null }
    wire.answer({ t: 'error', i: 1, e: error })
    await expect(call).rejects.toEqual(error)
  })

  test('a wire that closes rejects what is pending and all that follows, and says why', async () => {
    const wire = makeMemoryWire()
    const bridge = connectBridge(wire)
    const call = bridge.call('servers.list', {})
    const stream = bridge.open('changes', {})
    wire.onClose('Hearth stopped.')
    const gone = { id: 'unavailable', message: 'Hearth stopped.', detail: null }
    await expect(call).rejects.toEqual(gone)
    await expect(stream.result).rejects.toEqual(gone)
    await expect(bridge.call('servers.list', {})).rejects.toEqual(gone)
    expect(await bridge.closed).toBe('Hearth stopped.')
  })
})

describe('streams', () => {
  test('bytes come in order, and the result after them', async () => {
    const wire = makeMemoryWire()
    const stream = connectBridge(wire).open('deploys.output', { deployId: 'd' })
    wire.answerBytes(1, new Uint8Array([1, 2]))
    wire.answerBytes(1, new Uint8Array([3]))
    wire.answer({ t: 'end', i: 1 })
    wire.answer({ t: 'ok', i: 1, r: 'done' })
    const read: number[] = []
    for await (const bytes of stream.bytes as unknown as AsyncIterable<Uint8Array>) read.push(...bytes)
    expect(read).toEqual([1, 2, 3])
    expect(await stream.result).toBe('done')
  })

  test('credit is granted for what was taken, not for what arrived', async () => {
    const wire = makeMemoryWire()
    const stream = connectBridge(wire).open('deploys.output', { deployId: 'd' })
    const half = windowBytes / 2
    wire.answerBytes(1, new Uint8Array(half))
    wire.answerBytes(1, new Uint8Array(half))
    await turn()
    expect(wire.frames.filter(({ t }) => t === 'credit')).toEqual([])
    const reader = stream.bytes.getReader()
    await reader.read()
    await turn()
    expect(wire.frames.filter(({ t }) => t === 'credit')).toEqual([{ t: 'credit', i: 1, c: half }])
  })

  test('a writer never has more in flight than the window, and goes on with credit', async () => {
    const wire = makeMemoryWire()
    const stream = connectBridge(wire).open('uploads.receive', { uploadId: 'u' })
    const sent = () => wire.data.reduce((sum, { bytes }) => sum + bytes.length, 0)
    let isWritten = false
    const writing = stream.write(new Uint8Array(windowBytes + 100)).then(() => {
      isWritten = true
    })
    await turn()
    expect(sent()).toBe(windowBytes)
    expect(isWritten).toBe(false)
    wire.answer({ t: 'credit', i: 1, c: 500 })
    await writing
    expect(sent()).toBe(windowBytes + 100)
    expect(Math.max(...wire.data.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(64 * 1024)
  })

  test('a write that waits for credit fails when the stream ends meanwhile', async () => {
    const wire = makeMemoryWire()
    const stream = connectBridge(wire).open('uploads.receive', { uploadId: 'u' })
    const writing = stream.write(new Uint8Array(windowBytes * 2))
    await turn()
    wire.answer({ t: 'error', i: 1, e: { id: 'disk_full', message: 'The disk is full.', detail: null } })
    await expect(writing).rejects.toMatchObject({ id: 'unavailable' })
    await expect(stream.result).rejects.toMatchObject({ id: 'disk_full' })
  })

  test('cancel tells the other side once and ends the bytes', async () => {
    const wire = makeMemoryWire()
    const stream = connectBridge(wire).open('logs.follow', { serverId: 's', app: 'a', lines: 0, tail: true })
    await stream.bytes.getReader().cancel()
    wire.answer({ t: 'ok', i: 1, r: {} })
    stream.cancel()
    expect(wire.frames.filter(({ t }) => t === 'cancel')).toEqual([{ t: 'cancel', i: 1 }])
  })
})
