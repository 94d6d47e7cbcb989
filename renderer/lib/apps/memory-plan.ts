import { countOf, formatBytes } from '../format.ts'

export interface Scaled {
  readonly quantity: number
  readonly size: string
}

export interface MemoryRoom {
  /** A size's memory; null for one that is not known. */
  readonly bytesOf: (size: string) => number | null
  /** What the server has left now; null while that is not known. */
  readonly availableBytes: number | null
  /** What the dynos of this process type use now: a change of size gives it back. */
  readonly usedBytes: number
}

export interface MemoryPlan {
  /** What the change may take, when its new dynos use all that their size grants. */
  readonly needsBytes: number
  /** What it can be taken from; null while that is not known. */
  readonly leftBytes: number | null
  /** `+2 standard: up to 1 GB of 5 GB available`. */
  readonly text: string
  readonly isOver: boolean
}

/** What a change of a process type's formation would take of the server's memory; null where that can't be told. */
export function planMemory(now: Scaled, wanted: Scaled, room: MemoryRoom): MemoryPlan | null {
  const grant = room.bytesOf(wanted.size)
  if (grant === null) return null
  const isResized = wanted.size !== now.size
  const added = isResized ? wanted.quantity : wanted.quantity - now.quantity
  const needsBytes = Math.max(0, added) * grant
  const leftBytes = room.availableBytes === null ? null : room.availableBytes + (isResized ? room.usedBytes : 0)
  const isOver = leftBytes !== null && needsBytes > leftBytes
  return {
    needsBytes,
    leftBytes,
    isOver,
    text: `${sayChange(wanted, added, isResized)}: ${sayMemory(added * grant, leftBytes)}`,
  }
}

function sayChange({ quantity, size }: Scaled, added: number, isResized: boolean): string {
  if (isResized) return `${quantity} × ${size}`
  return `${added < 0 ? '−' : '+'}${Math.abs(added)} ${size}`
}

function sayMemory(bytes: number, leftBytes: number | null): string {
  if (bytes < 0) return `gives back up to ${formatBytes(-bytes)}`
  if (bytes === 0) return 'takes no memory'
  return leftBytes === null
    ? `up to ${formatBytes(bytes)}`
    : `up to ${formatBytes(bytes)} of ${formatBytes(leftBytes)} available`
}

/** What a whole formation may use, for the line under it; null where a size is not known. */
export function sayFormation(
  formation: readonly Scaled[],
  bytesOf: MemoryRoom['bytesOf'],
  server: { name: string; availableBytes: number; totalBytes: number } | null,
): string | null {
  let grantedBytes = 0
  for (const { quantity, size } of formation) {
    const grant = bytesOf(size)
    if (grant === null) return null
    grantedBytes += quantity * grant
  }
  const dynos = formation.reduce((sum, { quantity }) => sum + quantity, 0)
  const granted = dynos === 0 ? 'No dynos' : `${countOf(dynos, 'dyno')} may use up to ${formatBytes(grantedBytes)}`
  if (!server) return `${granted}.`
  return `${granted}. ${server.name} has ${formatBytes(server.availableBytes)} of ${formatBytes(server.totalBytes)} left.`
}
