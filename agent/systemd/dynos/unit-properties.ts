import { bootScript } from '../../core/dynos/dyno-environment.ts'
import type { EngineCommand } from '../../core/ports/dynos/container-engine.ts'
import type { DynoLimits } from '../../core/ports/dynos/dyno-runner.ts'

/** A property as StartTransientUnit takes it. */
export interface UnitProperty {
  readonly name: string
  readonly signature: string
  readonly value: unknown
}

export type DynoStreams =
  | { readonly kind: 'log'; readonly outputPath: string }
  | { readonly kind: 'pipes'; readonly inputPath: string; readonly outputPath: string; readonly errorPath: string }
  | { readonly kind: 'terminal'; readonly ttyPath: string }

export interface DynoUnit {
  readonly description: string
  readonly slice: string
  readonly content: UnitContent
  readonly limits: DynoLimits
  readonly streams: DynoStreams
  /** The unit of the dyno that this one is inside of. */
  readonly boundTo: string | null
}

/** What a unit runs, and what keeps it apart from all others. */
export type UnitContent =
  | {
      readonly kind: 'command'
      readonly user: string
      readonly rootDirectory: string
      readonly networkNamespacePath: string
      readonly environmentFile: string
      readonly command: string
    }
  /** The engine confines it; systemd keeps its limits. */
  | { readonly kind: 'container'; readonly engine: EngineCommand }

const property = (name: string, signature: string, value: unknown): UnitProperty => ({ name, signature, value })
const microsecondsOf = (seconds: number) => BigInt(seconds) * 1_000_000n
/** All forbidden. */
const none = 0n

/**
 * A dyno as a unit. What each line keeps out, what it costs and why others are not here was measured: MemoryDenyWriteExecute
 * ends Node at once, ProcSubset=pid takes its CPU count away, PrivateTmp would lend /var/tmp of the server.
 * NOTE: nothing secret may stand here, since any user of the server can read a unit's properties.
 */
export function renderUnitProperties(unit: DynoUnit): UnitProperty[] {
  return [
    property('Description', 's', unit.description),
    property('Type', 's', unit.content.kind === 'container' && unit.content.engine.tellsStart ? 'notify' : 'exec'),
    property('Slice', 's', unit.slice),
    // Without After: what is inside could otherwise hold up the end of its dyno by ignoring its own.
    ...(unit.boundTo === null ? [] : [property('BindsTo', 'as', [unit.boundTo])]),
    ...renderContent(unit.content),
    ...renderStreams(unit.streams),
    ...renderLimits(unit.limits),
    ...renderEnd(unit),
    ...(unit.content.kind === 'command' ? confinement : []),
  ]
}

function renderContent(content: UnitContent): UnitProperty[] {
  const common = [
    property('UMask', 'u', 0o022),
    // As in any shell: the first half of `yes | head` ends in silence.
    property('IgnoreSIGPIPE', 'b', false),
  ]
  if (content.kind === 'container') return [...common, ...renderEngine(content.engine)]
  const { command, environmentFile } = content
  return [
    ...common,
    renderStart(['/bin/bash', '-c', bootScript, 'dyno', '/app', command]),
    property('EnvironmentFiles', 'a(sb)', [[environmentFile, false]]),
    property('UnsetEnvironment', 'as', ['INVOCATION_ID', 'SYSTEMD_EXEC_PID', 'JOURNAL_STREAM']),
    ...renderPlace(content),
  ]
}

function renderEngine({ command, environment, tellsStart }: EngineCommand): UnitProperty[] {
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  return [
    renderStart(command),
    property('Environment', 'as', assignments),
    // What podman's runtime finds as /dev/null it gives to the container's user, who could then close it to the server.
    property('PrivateDevices', 'b', true),
    // Who tells is not the process that was started, or not any more. No dyno has systemd's socket in its root.
    ...(tellsStart ? [property('NotifyAccess', 's', 'all')] : []),
  ]
}

function renderStart(command: readonly [string, ...string[]]): UnitProperty {
  // Not ExecStartEx with no-env-expand: systemd 252 writes that name into the transient unit's file, does not know it
  // when it reads the file again at a daemon-reload, and from then on denies that the unit is there.
  return property('ExecStart', 'a(sasb)', [[command[0], command.map(keepDollars), false]])
}

/** systemd would put config vars in place of `$NAME` by its own rules; the dyno's bash is to do it. */
function keepDollars(word: string): string {
  return word.replaceAll('$', '$$$$')
}

function renderPlace(unit: Extract<UnitContent, { kind: 'command' }>): UnitProperty[] {
  return [
    property('RootDirectory', 's', unit.rootDirectory),
    property('MountAPIVFS', 'b', true),
    property('WorkingDirectory', 's', '/app'),
    property('User', 's', unit.user),
    property('NetworkNamespacePath', 's', unit.networkNamespacePath),
    property('TemporaryFileSystem', 'a(ss)', [
      ['/dev/shm', 'size=64m,mode=1777'],
      ['/run', 'size=8m,mode=755'],
    ]),
    property('InaccessiblePaths', 'as', ['-/sys/kernel', '-/sys/firmware', '-/sys/fs/bpf']),
  ]
}

function renderStreams(streams: DynoStreams): UnitProperty[] {
  if (streams.kind === 'terminal')
    return [
      property('StandardInput', 's', 'tty'),
      property('StandardOutput', 's', 'tty'),
      property('StandardError', 's', 'tty'),
      property('TTYPath', 's', streams.ttyPath),
    ]
  return [
    ...(streams.kind === 'pipes' ? [property('StandardInputFile', 's', streams.inputPath)] : []),
    property('StandardOutputFileToAppend', 's', streams.outputPath),
    property('StandardErrorFileToAppend', 's', streams.kind === 'pipes' ? streams.errorPath : streams.outputPath),
  ]
}

function renderLimits(limits: DynoLimits): UnitProperty[] {
  return [
    property('MemoryAccounting', 'b', true),
    property('CPUAccounting', 'b', true),
    property('MemoryMax', 't', BigInt(limits.memoryMaximumBytes)),
    // A dyno that pages is slow, and makes its neighbours slow: it is ended instead.
    property('MemorySwapMax', 't', 0n),
    property('TasksMax', 't', BigInt(limits.maximumTasks)),
    property('CPUWeight', 't', BigInt(limits.cpuWeight)),
    property('LimitNOFILE', 't', 16_384n),
    property('LimitCORE', 't', 0n),
    property('OOMPolicy', 's', 'kill'),
    // When the whole machine is out of memory a dyno goes, not what serves and looks after all of them.
    property('OOMScoreAdjust', 'i', 500),
  ]
}

/** The agent sends SIGKILL when a dyno's grace is over; systemd's own time-out is for a dyno that ends without an agent. */
function renderEnd({ streams, boundTo }: DynoUnit): UnitProperty[] {
  return [
    property('KillMode', 's', 'control-group'),
    property('TimeoutStopUSec', 't', microsecondsOf(boundTo === null ? 60 : 10)),
    // A shell at a terminal ignores SIGTERM.
    property('SendSIGHUP', 'b', streams.kind === 'terminal'),
  ]
}

const confinement: readonly UnitProperty[] = [
  property('NoNewPrivileges', 'b', true),
  property('CapabilityBoundingSet', 't', none),
  property('AmbientCapabilities', 't', none),
  property('PrivateDevices', 'b', true),
  property('PrivateUsers', 'b', true),
  property('PrivateIPC', 'b', true),
  property('ProtectProc', 's', 'invisible'),
  property('ProtectKernelTunables', 'b', true),
  property('ProtectKernelModules', 'b', true),
  property('ProtectKernelLogs', 'b', true),
  property('ProtectControlGroups', 'b', true),
  property('ProtectClock', 'b', true),
  property('ProtectHostname', 'b', true),
  property('RestrictNamespaces', 't', none),
  property('RestrictRealtime', 'b', true),
  property('RestrictSUIDSGID', 'b', true),
  property('LockPersonality', 'b', true),
  property('KeyringMode', 's', 'private'),
  property('RestrictAddressFamilies', '(bas)', [true, ['AF_INET', 'AF_INET6', 'AF_UNIX', 'AF_NETLINK']]),
  property('SystemCallArchitectures', 'as', ['native']),
  property('SystemCallFilter', '(bas)', [true, ['@system-service']]),
  property('SystemCallFilter', '(bas)', [
    false,
    // A ring's operations pass no filter: sockets of any family, for one. Programs that know it do without where it is not.
    ['@privileged', '@obsolete', '@debug', '@keyring', 'io_uring_setup', 'io_uring_enter', 'io_uring_register'],
  ]),
  property('SystemCallErrorNumber', 'i', 1),
]
