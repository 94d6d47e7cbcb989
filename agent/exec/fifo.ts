import { closeSync, constants, openSync } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { Socket } from 'node:net'
import { runCommand } from './command.ts'

/**
 * Named pipes. A dyno can open `/dev/stdout` on it, which it can't on the sockets that Node calls pipes; and bash takes
 * a socket as its input for a login from afar, and reads the user's profile.
 */
export async function createFifos(...paths: readonly string[]): Promise<void> {
  await runCommand(['mkfifo', '-m', '600', ...paths])
}

/**
 * Reads a FIFO as it is written. It ends when the last writer is gone; until `release` is called that can't be, because
 * we hold the writing end ourselves.
 */
export interface FifoReader {
  readonly stream: Socket
  /** A descriptor for writing, to be handed to a child as its output. */
  readonly writeFd: number
  /** Gives up our writing end. */
  release(): void
}

export function openFifo(path: string): FifoReader {
  // Opened without waiting for a writer; the writing end, opened after, finds a reader and need not wait either.
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writeFd = openSync(path, constants.O_WRONLY)
  let holdsWriter = true
  const release = () => {
    if (holdsWriter) closeSync(writeFd)
    holdsWriter = false
  }
  const stream = new Socket({ fd: readFd, readable: true, writable: false })
  return { stream, writeFd, release }
}

/** Writes to a FIFO that a child reads. */
export interface FifoWriter {
  readonly stream: Socket
  /** A descriptor for reading, to be handed to a child as its input. */
  readonly readFd: number
  /** Gives up our reading end: from then on writing fails when the child is gone. */
  release(): void
}

export function openFifoForWriting(path: string): FifoWriter {
  // The child's end must wait for bytes and ours must not; whichever is opened first would wait for the other, hence
  // one that is both for a moment.
  const both = openSync(path, constants.O_RDWR)
  const readFd = openSync(path, constants.O_RDONLY)
  const writeFd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  closeSync(both)
  let holdsReader = true
  const release = () => {
    if (holdsReader) closeSync(readFd)
    holdsReader = false
  }
  const stream = new Socket({ fd: writeFd, readable: false, writable: true })
  return { stream, readFd, release }
}

/** Makes a FIFO that only its opened ends know. */
export async function openUnnamed<T>(path: string, open: (path: string) => T): Promise<T> {
  await createFifos(path)
  try {
    return open(path)
  } finally {
    await unlink(path)
  }
}
