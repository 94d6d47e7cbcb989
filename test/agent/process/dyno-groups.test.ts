import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDynoGroups } from '../../../agent/process/dyno-groups.ts'

const groups = await openDynoGroups()
const limits = { memoryBytes: 2 ** 30, memoryMaximumBytes: 2 ** 30, cpuWeight: 100, maximumTasks: 100 }

describe('groups of dynos', () => {
  // Where the kernel's groups are not to be had there is none to lose.
  if (groups.kind === 'none') return

  test('one that was just made stays when another agent begins; one of an agent that is gone does not', async () => {
    const group = await groups.make('just-made', limits)
    const folder = path.dirname(group.wrap(['true']).find((word) => word.endsWith('/cgroup.procs')) ?? '')
    const gone = spawnSync('true').pid
    const left = path.join(path.dirname(folder), `hearth-dyno-${gone}-left`)
    await mkdir(left)
    await openDynoGroups()
    expect([existsSync(folder), existsSync(left)]).toEqual([true, false])
    await group.remove()
    expect(existsSync(folder)).toBe(false)
  })
})
