import { expect, test } from 'vitest'
import { parseUnits } from '../../../agent/systemd/operator-log.ts'

test('the state of each unit is read from what systemctl shows, sockets have no restarts', () => {
  const shown = `NRestarts=2
Id=hearth-agent.service
ActiveState=active
SubState=running
ActiveEnterTimestamp=Thu 2026-11-26 04:22:16 UTC
Result=success

Id=hearth-router.socket
ActiveState=inactive
SubState=dead
ActiveEnterTimestamp=
Result=success
`
  expect(parseUnits(shown)).toEqual([
    {
      ...{ name: 'hearth-agent.service', state: 'active', detail: 'running', result: 'success', restarts: 2 },
      since: 'Thu 2026-11-26 04:22:16 UTC',
    },
    { name: 'hearth-router.socket', state: 'inactive', detail: 'dead', result: 'success', restarts: null, since: null },
  ])
})
