// An agent that starts one dyno and waits to be killed: `node doomed-agent.ts <folder> <slug> [plain]`.
import { randomUUID } from 'node:crypto'
import { Secret } from '../../../agent/core/secret.ts'
import { ProcessRunner } from '../../../agent/process/process-runner.ts'

const [folder = '', appDirectory = '', plain] = process.argv.slice(2)
const runner = new ProcessRunner({ folder, avoidSandbox: plain === 'plain' })
await runner.open({ onOutput: (_id, bytes) => process.stdout.write(bytes), onExit: () => {} })
await runner.start({
  id: randomUUID(),
  app: { id: randomUUID(), name: 'quiet-river' },
  name: 'web.1',
  tree: { checksum: 'SHA256:0', appDirectory, layerDirectories: [], stackDirectory: null },
  command: 'setsid sleep 983 & echo running; sleep 982',
  environment: new Secret({ MARKER: process.env.MARKER ?? '' }),
  limits: { memoryBytes: 1e9, memoryMaximumBytes: 1e9, cpuWeight: 100, maximumTasks: 64 },
  listens: false,
  usesPodman: false,
  terminal: null,
})
process.stdout.write('ready\n')
