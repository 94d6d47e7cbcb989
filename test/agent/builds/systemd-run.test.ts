import { expect, it } from 'vitest'
import { renderSystemdRun } from '../../../agent/builds/sandbox/systemd-run.ts'
import type { SandboxJob } from '../../../agent/core/ports/builds/sandbox.ts'

it('a build job is a unit with low weight, hard limits and its command unchanged', () => {
  const job: SandboxJob = {
    id: 'b1-compile',
    lowers: ['/layer', '/stack'],
    scratch: '/s',
    binds: [
      { from: '/host/app', to: '/app', writable: true },
      { from: '/host/node', to: '/hearth/node', writable: false },
    ],
    command: ['bash', '-c', 'echo "$1" $$', 'x', 'é $HOME'],
    directory: '/app',
    environment: { STACK: 'debian-12' },
    limits: { memoryBytes: 1000, maximumTasks: 10, timeoutMs: 900_000, diskReserveBytes: 1 },
    output: () => {},
  }
  const place = { root: '/s/root', networkNamespacePath: '/run/netns/hearth-65500' }
  const account = { user: 'hearth-build', uid: 998, gid: 998, makesNamespace: false }
  const command = renderSystemdRun({ job, unit: 'hearth-build-b1.service', account, ...place })
  expect(command.slice(0, 4)).toEqual(['systemd-run', '--quiet', '--wait', '--pipe'])
  for (const property of [
    'RootDirectory=/s/root',
    'NetworkNamespacePath=/run/netns/hearth-65500',
    'User=hearth-build',
    'BindPaths=/host/app:/app',
    'BindReadOnlyPaths=/host/node:/hearth/node',
    'CPUWeight=20',
    'MemoryMax=1000',
    'TasksMax=10',
    'RuntimeMaxSec=900',
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=',
  ])
    expect(command).toContain(`--property=${property}`)
  // The first filter says that all is refused that is not named; the other way round all would be allowed.
  const filters = command.filter((one) => one.startsWith('--property=SystemCallFilter='))
  expect(filters.map((one) => one.replace('--property=SystemCallFilter=', ''))).toEqual([
    '@system-service',
    '~@privileged @obsolete @debug @keyring',
    '@setuid',
    '~fallocate:EOPNOTSUPP setxattr:EOPNOTSUPP lsetxattr:EOPNOTSUPP fsetxattr:EOPNOTSUPP',
    '~fsync:0 fdatasync:0 sync:0 syncfs:0 sync_file_range:0 msync:0 io_uring_setup:ENOSYS io_setup:ENOSYS',
  ])
  expect(command).toContain('--setenv=STACK=debian-12')
  // systemd makes one sign of two.
  expect(command.slice(command.indexOf('--'))).toEqual(['--', 'bash', '-c', 'echo "$$1" $$$$', 'x', 'é $$HOME'])
})
