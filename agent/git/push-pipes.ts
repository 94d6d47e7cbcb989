import { chown, mkdir, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import { HearthError } from '../contract/errors.ts'
import { maximumUpdates, type RefUpdate } from '../core/git/push.ts'
import { createFifos, openFifo, openFifoForWriting } from '../exec/fifo.ts'

/** A ref's name is 4 kB at most, and so many that the rules can count them still. */
const maximumAnnouncementBytes = (maximumUpdates + 1000) * 4096

/** What the hook announces: the push's refs, and the folder in which its objects wait. */
export interface Announcement {
  readonly updates: readonly RefUpdate[]
  /** `tmp_objdir-incoming-Ab12Cd`, in the repository's `objects`. */
  readonly quarantine: string | null
}

/** The pipes of one push between git's hook and the agent, in a folder of their own. */
export interface PushPipes {
  readonly directory: string
  /** Resolves when a hook has announced a push; null when the pipes are closed before. */
  readonly announcement: Promise<Announcement | null>
  /** Resolves when there is room for more, or when nobody is left to read it. */
  write(text: Uint8Array | string): Promise<void>
  decide(isTaken: boolean): void
  /** The hook's process is gone, or was never started. */
  close(): Promise<void>
}

export async function openPushPipes(
  directory: string,
  owner: { readonly uid: number; readonly gid: number } | null,
): Promise<PushPipes> {
  await mkdir(directory, { recursive: true, mode: 0o755 })
  const [updatesPath, outputPath, verdictPath] = ['updates', 'output', 'verdict'].map((name) =>
    path.join(directory, name),
  ) as [string, string, string]
  for (const fifo of [updatesPath, outputPath, verdictPath]) {
    await createFifos(fifo)
    if (owner) await chown(fifo, owner.uid, owner.gid)
  }
  const updates = openFifo(updatesPath)
  const [output, verdict] = [openFifoForWriting(outputPath), openFifoForWriting(verdictPath)]
  for (const { stream } of [updates, output, verdict]) stream.on('error', () => {})
  return {
    directory,
    announcement: readAnnouncement(updates.stream).catch(noAnnouncement),
    write: (text) => writeAll(output.stream, text),
    decide(isTaken) {
      output.stream.end()
      verdict.stream.end(isTaken ? 'accept\n' : 'decline\n')
    },
    async close() {
      for (const fifo of [updates, output, verdict]) {
        fifo.release()
        fifo.stream.destroy()
      }
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function writeAll(stream: Socket, text: Uint8Array | string): Promise<void> {
  if (stream.destroyed || stream.writableEnded || stream.write(text)) return
  const controller = new AbortController()
  await Promise.race([
    new Promise<void>((resolve) => stream.once('drain', resolve)),
    finished(stream, { signal: controller.signal }).catch(() => {}),
  ])
  controller.abort()
}

/** A pipe that is closed under its reader announces nothing more. */
function noAnnouncement(error: unknown): null {
  if (error instanceof HearthError) throw error
  return null
}

/** The first line is the quarantine, the last one is empty. */
async function readAnnouncement(stream: Socket): Promise<Announcement | null> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk
    if (text.length > maximumAnnouncementBytes) throw new HearthError('too_large', 'The push changes too many refs.')
    if (text.endsWith('\n\n')) return parseAnnouncement(text)
  }
  return null
}

/** `<old> <new> <ref>` a line, as git gives it to the hook; zeros stand for none. Source: githooks(5). */
export function parseAnnouncement(text: string): Announcement {
  const [first = '', ...lines] = text.trimEnd().split('\n')
  const quarantine = /\/((?:tmp_objdir-)?incoming-[A-Za-z0-9]{6})$/.exec(first)?.[1] ?? null
  const updates = lines.map((line) => {
    const [, before = '', after = '', ref = ''] = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (.+)$/.exec(line) ?? []
    if (ref === '') throw new HearthError('internal', 'git announced a push in a form that is not known here.')
    return { ref, before: orNull(before), after: orNull(after) }
  })
  return { quarantine, updates }
}

function orNull(id: string): string | null {
  return /^0+$/.test(id) ? null : id
}
