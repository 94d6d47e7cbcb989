import { expect, test } from 'vitest'
import type { Server as AgentServer } from '../../../../agent/contract/server/server.ts'
import { compareAgent, hasOldRouter } from '../../../../electron/core/servers/agent-age.ts'

const own = { version: '0.10.0', digest: '1f2e3d4c5b6a7988' }

test.each([
  ['0.10.0', '1f2e3d4c5b6a', 'current'],
  ['0.10.0', 'ffffffffffff', 'outdated'],
  ['0.10.0', undefined, 'outdated'],
  ['0.9.3', '1f2e3d4c5b6a', 'outdated'],
  ['0.10.1', '1f2e3d4c5b6a', 'newer'],
  ['1.0.0', undefined, 'newer'],
] as const)('an agent %s of program %s is %s', (version, digest, age) => {
  expect(compareAgent({ version, digest }, own)).toBe(age)
})

test('a router is old when it runs another program than the agent, and only where it outlives one', () => {
  const router = { state: 'up', host: 'nas', port: 80, socket: '/s' } as const
  const server = (more: Partial<AgentServer>) =>
    ({ runner: 'systemd', version: '0.2.0', digest: 'aaaa', ...more }) as AgentServer
  const old = (more: Partial<AgentServer>) => hasOldRouter(server(more))
  expect(old({ router: { ...router, version: '0.2.0', digest: 'aaaa' } })).toBe(false)
  expect(old({ router: { ...router, version: '0.1.0', digest: 'aaaa' } })).toBe(true)
  expect(old({ router: { ...router, version: '0.2.0', digest: 'bbbb' } })).toBe(true)
  expect(old({ router: { ...router, version: '0.1.0', digest: null } })).toBe(true)
  expect(old({ router: { ...router, state: 'down', version: null, digest: null } })).toBe(false)
  expect(old({ runner: 'process', router: { ...router, version: '0.1.0', digest: 'bbbb' } })).toBe(false)
  expect(old({ digest: undefined, router })).toBe(false)
})
