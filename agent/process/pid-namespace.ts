import { closeSync, openSync, readlinkSync } from 'node:fs'

/** A PID namespace whose number is no other's until it is let go, also when all its processes are gone. */
export interface HeldNamespace {
  /** `pid:[4026532208]` */
  readonly name: string
  release(): void
}

/**
 * Holds the namespace that a process made for its children. The kernel gives the number of one that is gone to the next that is made,
 * and who then ends all processes of that number ends somebody else's. Null when the process is gone already, or made none.
 */
export function holdNamespace(parentPid: number): HeldNamespace | null {
  let fd: number
  try {
    fd = openSync(`/proc/${parentPid}/ns/pid_for_children`, 'r')
  } catch {
    return null
  }
  const name = readlinkSync(`/proc/self/fd/${fd}`)
  // Its number would stand for every process of this machine.
  if (name === readlinkSync('/proc/self/ns/pid')) {
    closeSync(fd)
    return null
  }
  let isHeld = true
  const release = () => {
    if (isHeld) closeSync(fd)
    isHeld = false
  }
  return { name, release }
}
