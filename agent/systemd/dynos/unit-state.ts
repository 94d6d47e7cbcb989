import { findSignal } from '../../exec/signal.ts'
import type { UnitChange } from '../system-bus.ts'

/** How a dyno's unit is, gathered from systemd's messages. */
export type UnitState =
  | { readonly kind: 'running' }
  | {
      readonly kind: 'ended'
      readonly status: number | null
      readonly signal: string | null
      readonly outOfMemory: boolean
    }

// siginfo's si_code of SIGCHLD, sigaction(2).
const exitedCode = 1
/** 128 + SIGKILL: what a shell says of a child. */
const killedStatus = 137

/** Of a dyno in a container: the container, or a command inside it. */
export type Contained = 'container' | 'inside'

/** A unit that systemd has forgotten had nothing to remember: it ended well. */
export const endedWell: UnitState = { kind: 'ended', status: 0, signal: null, outOfMemory: false }

/**
 * `hasKernelKilled`: under cgroup v1 systemd does not hear of the kernel's out-of-memory killer, and reports a SIGKILL, or the
 * status by which a shell tells of one. It is the kernel's when we sent none and the kernel has counted one meanwhile.
 */
export function readUnitState(
  properties: UnitChange,
  context: { wasKilledByUs: boolean; contained?: Contained; hasKernelKilled: () => boolean },
): UnitState {
  const { ActiveState: active, ExecMainCode: code = 0, ExecMainStatus: number = 0, Result: result } = properties
  // A unit is inactive before it starts too, and is even told of so once its process is there.
  const hasEnded = Number(properties.InactiveEnterTimestamp ?? 0) > 0
  if (!hasEnded || (active !== 'failed' && active !== 'inactive')) return { kind: 'running' }
  const hasExited = Number(code) === exitedCode || Number(code) === 0
  const signal = hasExited ? readContained(properties, context.contained) : (findSignal(Number(number)) ?? 'SIGKILL')
  const looksKilled = signal === 'SIGKILL' || (hasExited && Number(number) === killedStatus)
  return {
    kind: 'ended',
    status: signal === null ? Number(number) : null,
    signal,
    outOfMemory: result === 'oom-kill' || (looksKilled && !context.wasKilledByUs && context.hasKernelKilled()),
  }
}

/** A signal that podman has nothing but a status to tell of: as a shell does, and of what it was inside of not even so. */
function readContained(properties: UnitChange, contained: Contained | undefined): NodeJS.Signals | null {
  if (contained === undefined) return null
  const signal = findSignal(Number(properties.ExecMainStatus ?? 0) - 128)
  if (signal !== null || contained === 'container') return signal
  // Asked to end, podman leaves before the command that it waits for, and says that all is well.
  const wasAsked = Number(properties.ActiveExitTimestamp ?? 0) < Number(properties.ExecMainExitTimestamp ?? 0)
  return wasAsked ? 'SIGTERM' : null
}

/** From here on an exit status may be systemd's own, for what went wrong before the command ran. */
export const firstSystemdStatus = 200

/** systemd's own exit statuses for what went wrong before the command ran, by the words that help: systemd.exec(5). */
export function describeStartFailure(status: number | null, isContainer = false): string {
  if (isContainer && status !== 203) return `podman could not make its container; the app's log has what it said`
  switch (status) {
    case 200:
      return 'its folder /app is missing (200/CHDIR)'
    case 203:
      return isContainer ? 'podman is gone from this server' : 'its stack has no /bin/bash that runs here (203/EXEC)'
    case 208:
      return 'its terminal or pipe could not be opened (208/STDIN or 209/STDOUT)'
    case 217:
      return "its app's user is missing on this server (217/USER)"
    case 225:
      return 'its network could not be joined (225/NETWORK)'
    case 226:
      return 'its file system could not be put together (226/NAMESPACE)'
    default:
      return status === null ? 'systemd gave no reason' : `systemd said status ${status}`
  }
}
