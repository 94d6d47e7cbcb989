import { expect, it } from 'vitest'
import { renderScopeCall } from '../../../agent/process/scope.ts'

it("asks the user's systemd, or as root the system's, for a scope that may have groups of its own", () => {
  const asked =
    'org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager StartTransientUnit ssa(sv)a(sa(sv))' +
    ' hearth-agent-7.scope fail 3 PIDs au 1 7 Delegate b true CollectMode s inactive-or-failed 0'
  expect(renderScopeCall('hearth-agent-7.scope', 7, false).join(' ')).toBe(`busctl --user --quiet call ${asked}`)
  expect(renderScopeCall('hearth-agent-7.scope', 7, true).join(' ')).toBe(`busctl --system --quiet call ${asked}`)
})
