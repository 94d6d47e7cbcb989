import { afterEach, expect, test, vi } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import type { Agent } from '../../../../electron/core/ports/agent.ts'
import type { LinkedAgent } from '../../../../electron/core/ports/link.ts'
import { HostKeyError } from '../../../../electron/core/ports/transport.ts'
import { Connection } from '../../../../electron/core/servers/connection.ts'
import { type ConnectionState, initialState, next } from '../../../../electron/core/servers/connection-state.ts'
import { until } from '../../../tooling/until.ts'

const open: Connection[] = []
afterEach(() => Promise.all(open.splice(0).map((connection) => connection.close())))

/** A link whose every connection the test hands out, and whose agents it can lose. */
function connect(...outcomes: (Error | 'agent')[]) {
  const states: ConnectionState[] = []
  const lose: ((reason: Error | null) => void)[] = []
  const signals: AbortSignal[] = []
  const connection = new Connection({
    name: () => 'box',
    link: {
      async connect() {
        const outcome = outcomes.shift() ?? 'agent'
        if (outcome instanceof Error) throw outcome
        let end: (reason: Error | null) => void = () => {}
        const closed = new Promise<Error | null>((resolve) => {
          end = resolve
        })
        lose.push(end)
        const agent = { closed, ping: async () => 3 } as unknown as Agent
        return { agent, openDoor: vi.fn(), openRouter: vi.fn(), close: async () => end(null) } satisfies LinkedAgent
      },
      close: async () => {},
    },
    onState: (state) => states.push(state),
    onConnected: (_, signal) => signals.push(signal),
  })
  open.push(connection)
  connection.open()
  return {
    connection,
    states,
    lose,
    signals,
    untilIs: (state: string) => until(() => expect(connection.state.state).toBe(state)),
  }
}

test('a server that answers is online, and its agent is handed out', async () => {
  const { connection, untilIs } = connect()
  await untilIs('online')
  expect(connection.state).toEqual({ state: 'online', latencyMs: 3 })
  expect(connection.agent()).toBeDefined()
})

test('closed while it is being made, it ends with what was made', async () => {
  const { connection, states, lose } = connect()
  await connection.close()
  expect(lose).toHaveLength(1)
  expect(states).toEqual([])
})

test('a lost connection is said, what ran on it is ended, and it comes back by itself', async () => {
  const { connection, states, lose, signals, untilIs } = connect()
  await untilIs('online')
  lose[0]?.(new Error('read ECONNRESET'))
  await untilIs('offline')
  expect(signals[0]?.aborted).toBe(true)
  expect(() => connection.agent()).toThrow('box is not connected. The connection was lost: read ECONNRESET.')
  await untilIs('online')
  expect(states.map(({ state }) => state)).toEqual(['online', 'offline', 'connecting', 'online'])
})

test('a user who asks does not wait for the next try', async () => {
  const down = new HearthError('unavailable', 'box can not be reached.')
  const { connection, untilIs } = connect(down)
  await untilIs('offline')
  connection.retry()
  await untilIs('online')
})

test('another host key stops every try until a human has decided', async () => {
  const key = { type: 'ssh-ed25519', blob: Buffer.from('new').toString('base64') }
  const { connection, states, untilIs } = connect(new HostKeyError({ host: 'box', port: 22 }, key, [key]))
  await untilIs('host-key-changed')
  expect(connection.state).toMatchObject({ fingerprint: expect.stringMatching(/^SHA256:/) })
  expect(states).toHaveLength(1)
  connection.retry()
  await untilIs('online')
})

test('a server that does not let us in, or has no agent, needs an installation', async () => {
  const { untilIs } = connect(new HearthError('forbidden', 'The login as hearth was refused.'))
  await untilIs('needs-install')
})

test('a host that the SSH inside Hearth can not talk to is left to the user’s decision', async () => {
  const reason = 'box and the SSH inside Hearth have no common way to encrypt.'
  const { connection, states, untilIs } = connect(new HearthError('needs_system_ssh', reason))
  await untilIs('needs-system-ssh')
  expect(connection.state).toEqual({ state: 'needs-system-ssh', reason })
  expect(states).toHaveLength(1)
  connection.renew()
  await untilIs('online')
})

test('another way to a server is taken at once, and nothing is called lost', async () => {
  const { connection, states, signals, untilIs } = connect()
  await untilIs('online')
  connection.renew()
  await until(() => expect(signals).toHaveLength(2))
  expect(signals[0]?.aborted).toBe(true)
  expect(states.map(({ state }) => state)).toEqual(['online', 'connecting', 'online'])
})

test('each failed try raises the number of attempts, a connection sets it back', () => {
  const failed = { kind: 'failed', reason: 'x', retryInMs: 1, now: 0 } as const
  let state = initialState
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    state = next(state, failed)
    expect(state).toMatchObject({ state: 'offline', attempt })
    state = next(state, { kind: 'retry' })
  }
  state = next(next(state, { kind: 'connected', latencyMs: null }), { ...failed, kind: 'lost' })
  expect(state).toMatchObject({ attempt: 0 })
})

test('closing ends a connection that waits, at once', async () => {
  const { connection, untilIs } = connect(new HearthError('unavailable', 'down'))
  await untilIs('offline')
  await connection.close()
})
