import { describe, expect, test } from 'vitest'
import { describeStartFailure, readUnitState } from '../../../agent/systemd/dynos/unit-state.ts'
import { unescapePath } from '../../../agent/systemd/system-bus.ts'

const context = { wasKilledByUs: false, hasKernelKilled: () => false }
// As systemd sends them, 64-bit figures as bigint.
const exited = { ActiveState: 'failed', InactiveEnterTimestamp: 1795236391646678n, ExecMainCode: 1, ExecMainStatus: 3 }
const killed = { ...exited, ExecMainCode: 2, ExecMainStatus: 9, Result: 'signal' }

describe("the state of a dyno's unit", () => {
  test('runs until it has become inactive', () => {
    expect(readUnitState({ ActiveState: 'active' }, context).kind).toBe('running')
    const notYet = { ActiveState: 'inactive', InactiveEnterTimestamp: 0n, ExecMainStartTimestamp: 1795236391627369n }
    expect(readUnitState(notYet, context).kind).toBe('running')
  })

  test('ends with a status or a signal', () => {
    expect(readUnitState(exited, context)).toMatchObject({ kind: 'ended', status: 3, signal: null })
    expect(readUnitState(killed, context)).toMatchObject({ status: null, signal: 'SIGKILL', outOfMemory: false })
  })

  test('was out of memory when systemd says so', () => {
    expect(readUnitState({ ...killed, Result: 'oom-kill' }, context)).toMatchObject({ outOfMemory: true })
  })

  test('was out of memory when a kernel with cgroup v1 has counted a kill, and we sent none', () => {
    const counted = { ...context, hasKernelKilled: () => true }
    expect(readUnitState(killed, counted)).toMatchObject({ signal: 'SIGKILL', outOfMemory: true })
    const byShell = { ...exited, ExecMainStatus: 137 }
    expect(readUnitState(byShell, counted)).toMatchObject({ status: 137, outOfMemory: true })
    expect(readUnitState(exited, counted)).toMatchObject({ status: 3, outOfMemory: false })
    expect(readUnitState(killed, { ...counted, wasKilledByUs: true })).toMatchObject({ outOfMemory: false })
    expect(readUnitState(byShell, context)).toMatchObject({ status: 137, outOfMemory: false })
  })

  test('of a container is told by a status as a shell has it', () => {
    const container = { ...context, contained: 'container' } as const
    const ended = { ...exited, ExecMainStatus: 139 }
    expect(readUnitState(ended, container)).toMatchObject({ status: null, signal: 'SIGSEGV' })
    expect(readUnitState(ended, context)).toMatchObject({ status: 139, signal: null })
    expect(readUnitState({ ...ended, ExecMainStatus: 128 }, container)).toMatchObject({ status: 128, signal: null })
    const counted = { ...container, hasKernelKilled: () => true }
    expect(readUnitState({ ...ended, ExecMainStatus: 137 }, counted)).toMatchObject({
      signal: 'SIGKILL',
      outOfMemory: true,
    })
  })

  test('of what ran inside a container, and was asked to end, is not what podman says of itself', () => {
    const inside = { ...context, contained: 'inside' } as const
    const asked = { ...exited, ExecMainStatus: 0, ActiveExitTimestamp: 5n, ExecMainExitTimestamp: 6n }
    expect(readUnitState(asked, inside)).toMatchObject({ status: null, signal: 'SIGTERM' })
    const byItself = { ...asked, ActiveExitTimestamp: 6n, ExecMainStatus: 3 }
    expect(readUnitState(byItself, inside)).toMatchObject({ status: 3, signal: null })
    expect(readUnitState({ ...asked, ExecMainStatus: 137 }, inside)).toMatchObject({ signal: 'SIGKILL' })
  })

  test('a start that failed is told in words', () => {
    expect(describeStartFailure(226)).toBe('its file system could not be put together (226/NAMESPACE)')
    expect(describeStartFailure(null)).toBe('systemd gave no reason')
    expect(describeStartFailure(125, true)).toContain('podman could not make its container')
    expect(describeStartFailure(203, true)).toBe('podman is gone from this server')
  })
})

test('reads a unit out of an object path', () => {
  expect(unescapePath('hearth_2ddyno_2d1_2eservice')).toBe('hearth-dyno-1.service')
})
