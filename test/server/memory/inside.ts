// Runs in a virtual machine whose kernel has version 2 of the groups: what the agent does on this computer. Prints JSON lines.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { startCommand } from '../../../agent/exec/command.ts'
import { openDynoGroups } from '../../../agent/process/dyno-groups.ts'

const say = (line: object) => process.stdout.write(`\n${JSON.stringify(line)}\n`)
const groups = await openDynoGroups()
if (groups.kind === 'none') say(groups)
else {
  const bytes = 100 * 1024 * 1024
  const limits = { memoryBytes: bytes, memoryMaximumBytes: bytes, cpuWeight: 100, maximumTasks: 20 }
  const run = async (script: string) => {
    const group = await groups.make(randomUUID(), limits)
    const running = await startCommand(group.wrap(['/bin/bash', '-c', script]), {
      stdio: ['ignore', 'inherit', 'ignore'],
    })
    const exit = await running.exit
    const outOfMemory = (await group.countKills()) > 0
    await group.remove()
    return { ...exit, outOfMemory }
  }
  // A child of the dyno's process is too large: all of the dyno ends.
  say({ name: 'hog', ...(await run(`x=$(head -c 300M /dev/zero | tr '\\0' x); echo survived`)) })
  say({ name: 'small', ...(await run('exit 3')) })
  // Another shell than bash, which waits and tries again: this one ends at the first fork that it is refused.
  const forks = `n=0; while [ $n -lt 60 ]; do sleep 60 & n=$((n + 1)); echo; echo "{\\"name\\":\\"forks\\",\\"count\\":$n}"; done`
  say({ name: 'forked', ...(await run(`exec /bin/sh -c '${forks}' 2>&1`)) })
  say({ name: 'agent', group: (await readFile('/proc/self/cgroup', 'utf8')).trim() })
}
