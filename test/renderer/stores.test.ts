import { describe, expect, test, vi } from 'vitest'
import { formatAgo, formatBytes, formatDuration } from '../../renderer/lib/format.ts'
import { applyInstallEvent, noInstallYet } from '../../renderer/lib/install-state.ts'
import { keepEqual } from '../../renderer/lib/keep-equal.ts'
import { readNdjson } from '../../renderer/lib/rpc/ndjson.ts'
import { useBridge } from '../../renderer/stores/bridge.ts'
import { peekResource, setResource, watchResource } from '../../renderer/stores/resources.ts'
import { formatRoute, parseRoute, type Route } from '../../renderer/stores/route.ts'
import { isTouchedBy } from '../../renderer/stores/topics.ts'

describe('routes', () => {
  const routes: Route[] = [
    { screen: 'apps' },
    { screen: 'new-app' },
    { screen: 'app', serverId: 'a/b c', app: 'corner-shop', tab: 'config-vars' },
    { screen: 'server', serverId: 'x' },
    { screen: 'install-server', serverId: 'x' },
    { screen: 'add-server' },
    { screen: 'ledger' },
    { screen: 'settings' },
  ]
  test.each(routes)('$screen survives a reload', (route) => expect(parseRoute(formatRoute(route))).toEqual(route))
  test('an address that nobody wrote shows the apps', () =>
    expect(parseRoute('#/nonsense/x')).toEqual({ screen: 'apps' }))
})

describe('changes', () => {
  const change = { topic: 'dynos', serverId: 'a', appId: null, step: null } as const
  test('refresh what they touch, on their server', () => {
    expect(isTouchedBy('dynos.list', { serverId: 'a', app: 'x' }, change)).toBe(true)
    expect(isTouchedBy('dynos.list', { serverId: 'b', app: 'x' }, change)).toBe(false)
    expect(isTouchedBy('apps.list', {}, change)).toBe(true)
    expect(isTouchedBy('configVars.get', { serverId: 'a', app: 'x' }, change)).toBe(false)
  })
})

describe('answers', () => {
  /** Answers by what `now` says then. */
  function openBridge(now: (search: string | undefined) => string) {
    const call = async (_: string, { search }: { search?: string }) => [
      { text: now(search), notes: [] },
      { text: 'same' },
    ]
    useBridge.setState({ state: 'open', bridge: { call } as never, generation: 1 }, true)
  }
  const texts = (search: string) => peekResource('ledger.list', { search }) as { text: string }[] | undefined

  test('that are asked for again stay the same objects where they say the same', async () => {
    let text = 'one'
    openBridge(() => text)
    watchResource('ledger.list', { search: 'kept' })()
    await vi.waitFor(() => expect(texts('kept')).toHaveLength(2))
    const first = texts('kept')
    watchResource('ledger.list', { search: 'kept' })()
    await new Promise(setImmediate)
    expect(texts('kept')).toBe(first)
    text = 'two'
    watchResource('ledger.list', { search: 'kept' })()
    await vi.waitFor(() => expect(texts('kept')?.[0]?.text).toBe('two'))
    expect(texts('kept')?.[1]).toBe(first?.[1])
  })

  test('that were under way when something newer was set here do not undo it', async () => {
    const answers: ((text: string) => void)[] = []
    const call = () => new Promise((answer) => answers.push((text) => answer([{ text }])))
    useBridge.setState({ state: 'open', bridge: { call } as never, generation: 1 }, true)
    const stop = watchResource('ledger.list', { search: 'set' })
    setResource('ledger.list', { search: 'set' }, [{ text: 'newer' }] as never)
    answers[0]?.('older')
    await vi.waitFor(() => expect(answers).toHaveLength(2))
    expect(texts('set')?.[0]?.text).toBe('newer')
    answers[1]?.('newest')
    await vi.waitFor(() => expect(texts('set')?.[0]?.text).toBe('newest'))
    stop()
  })

  test('are kept when nobody looks, the last three hundred of them, and as long as somebody does', async () => {
    openBridge((search) => search ?? '')
    const stop = watchResource('ledger.list', { search: 'looked at' })
    for (let number = 0; number <= 300; number += 1) watchResource('ledger.list', { search: `${number}` })()
    await vi.waitFor(() => expect(texts('300')).toHaveLength(2))
    for (let number = 0; number < 10; number += 1) watchResource('ledger.list', { search: `more ${number}` })()
    await vi.waitFor(() => expect(texts('more 9')).toHaveLength(2))
    const known = ['0', '5', '300', 'looked at'].map((search) => texts(search)?.[0]?.text)
    expect(known).toEqual([undefined, undefined, '300', 'looked at'])
    stop()
  })
})

test('what equals the last answer is the last answer, part by part', () => {
  const before = {
    list: [
      { id: 1, tags: ['a'] },
      { id: 2, tags: [] },
    ],
    at: null,
  }
  const kept = keepEqual(before, structuredClone(before))
  expect(kept).toBe(before)
  const next = {
    list: [
      { id: 1, tags: ['a'] },
      { id: 2, tags: ['b'] },
      { id: 3, tags: [] },
    ],
    at: 'now',
  }
  const merged = keepEqual(before, next)
  expect(merged).toEqual(next)
  expect(merged.list[0]).toBe(before.list[0])
  for (const [old, now] of [
    [[1], { 0: 1 }],
    [{ a: 1, b: undefined }, { a: 1 }],
    [{ a: undefined }, { b: undefined }],
    [{ a: null }, { a: {} }],
    [[], {}],
  ])
    expect(keepEqual(old, now)).toStrictEqual(now)
})

describe('the installation', () => {
  test('is what its events say', () => {
    let state = noInstallYet
    state = applyInstallEvent(state, { kind: 'plan', steps: ['send', 'start'] })
    state = applyInstallEvent(state, { kind: 'step', step: 'send', state: 'running', durationMs: null, message: null })
    state = applyInstallEvent(state, { kind: 'progress', step: 'send', done: 5, total: 10 })
    state = applyInstallEvent(state, { kind: 'output', text: 'hello\n' })
    expect(state.steps).toMatchObject([
      { name: 'send', state: 'running', progress: { done: 5, total: 10 } },
      { name: 'start', state: 'waiting' },
    ])
    expect(state.output).toBe('hello\n')
  })
})

describe('texts', () => {
  test('bytes', () =>
    expect([0, 512, 1536, 1_884_233, 2 ** 40].map(formatBytes)).toEqual(['0 B', '512 B', '1.5 KB', '1.8 MB', '1 TB']))
  test('durations', () =>
    expect([12, 1234, 187_000, 7_500_000].map(formatDuration)).toEqual(['12 ms', '1.2 s', '3 min 07 s', '2 h 05 min']))
  test('moments', () => {
    const now = Date.parse('2026-11-21T12:00:00Z')
    expect(formatAgo('2026-11-21T11:59:40Z', now)).toBe('just now')
    expect(formatAgo('2026-11-21T09:00:00Z', now)).toMatch(/^3 h/)
  })
})

test('newline-separated JSON is read however it is cut', async () => {
  const bytes = new TextEncoder().encode('{"a":"ü"}\n\n{"a":2}\n{"a":3}')
  const stream = new ReadableStream<Uint8Array>({
    start(source) {
      for (const byte of bytes) source.enqueue(Uint8Array.of(byte))
      source.close()
    },
  })
  const read: unknown[] = []
  for await (const value of readNdjson(stream)) read.push(value)
  expect(read).toEqual([{ a: 'ü' }, { a: 2 }, { a: 3 }])
})
