import { PassThrough, type Readable, type Writable } from 'node:stream'
import { HearthError } from '../contract/errors.ts'
import type { GitSession, GitSessionEnd, GitSessionRequest } from '../core/ports/git-repositories.ts'
import type { UnitEnd } from '../exec/transient-unit.ts'
import type { GitLimits, GitProcess } from './git-sandbox.ts'
import type { Announcement, PushPipes } from './push-pipes.ts'

const watchIntervalMs = 1000
/** A client that neither sends nor reads for so long is gone, or means to stay for nothing. */
const idleMs = 5 * 60_000
/** A stopped git gets so long to tell its client. */
const lastWordsMs = 2000
const maximumMessageBytes = 2048

export interface SessionParts {
  readonly request: GitSessionRequest
  readonly process: GitProcess
  /** Null when nothing can be pushed. */
  readonly pipes: PushPipes | null
  readonly limits: GitLimits
  readonly isDiskLow: () => Promise<boolean>
  /** The push has arrived: its objects can be looked at in quarantine until the session ends. */
  readonly onAnnounced: (announcement: Announcement) => void
  readonly report: (problem: string, cause: unknown) => void
}

type StopReason = 'disk' | 'idle' | 'closing'

/** One git process and its client, who may leave before git is done. */
export class Session implements GitSession {
  readonly input: Writable
  readonly output: Readable
  readonly end: Promise<GitSessionEnd>
  readonly #parts: SessionParts
  #complaints = Buffer.alloc(0)
  #reason: StopReason | null = null
  #isDeciding = false
  #wasKilled = false

  constructor(parts: SessionParts) {
    this.#parts = parts
    const { process } = parts
    this.input = process.input
    this.input.on('error', () => {})
    this.output = this.#detach(process.output)
    process.complaints.on('data', (chunk: Buffer) => {
      this.#complaints = Buffer.concat([this.#complaints, chunk]).subarray(-maximumMessageBytes)
    })
    const watch = this.#watch()
    void this.#awaitPush()
    this.end = process.end
      .finally(() => clearInterval(watch))
      .then(async (end) => {
        await parts.pipes?.close()
        return this.#describeEnd(end)
      })
  }

  /** It may have left something behind. */
  get wasKilled(): boolean {
    return this.#wasKilled
  }

  abandon(): void {
    const { request, process } = this.#parts
    this.output.destroy()
    if (request.service === 'git-upload-pack') process.stop()
    else this.input.end()
  }

  /** For an agent that closes, or an app that goes. */
  async close(): Promise<void> {
    this.#stop('closing')
    await this.end
  }

  /** A client that goes away must not end a push that is being decided: git goes on writing, to nobody. */
  #detach(output: Readable): Readable {
    const detached = new PassThrough()
    detached.on('error', () => {})
    detached.on('close', () => {
      output.unpipe(detached)
      output.resume()
    })
    return output.pipe(detached)
  }

  #watch(): NodeJS.Timeout {
    const { process, isDiskLow } = this.#parts
    let moved = -1
    let movedAt = performance.now()
    return setInterval(async () => {
      if (process.moved() !== moved || this.#isDeciding) [moved, movedAt] = [process.moved(), performance.now()]
      if (performance.now() - movedAt > idleMs) this.#stop('idle')
      // What waits for a decision writes nothing more, and the build looks after the disk itself.
      if (!this.#isDeciding && (await isDiskLow())) this.#stop('disk')
    }, watchIntervalMs)
  }

  #stop(reason: StopReason): void {
    if (this.#reason !== null) return
    this.#reason = reason
    this.#parts.process.stop()
    setTimeout(() => this.output.destroy(), lastWordsMs).unref()
  }

  async #awaitPush(): Promise<void> {
    const { pipes, request, onAnnounced, report } = this.#parts
    if (pipes === null) return
    let isTaken = false
    try {
      const announcement = await pipes.announcement
      if (announcement === null) return
      this.#isDeciding = true
      onAnnounced(announcement)
      isTaken = await request.onPush({ updates: announcement.updates, write: pipes.write })
    } catch (error) {
      if (!(error instanceof HearthError)) report('deciding a push failed', error)
      await pipes.write(
        ` !     ${error instanceof HearthError ? error.message : 'The agent failed; its journal says why.'}\n`,
      )
    }
    pipes.decide(isTaken)
    this.#isDeciding = false
  }

  #describeEnd(end: UnitEnd): GitSessionEnd {
    const said = this.#complaints.toString('utf8').trim()
    const why = this.#explain(end)
    this.#wasKilled = end.kind === 'killed' || this.#reason !== null
    return {
      status: end.kind === 'exited' && this.#reason === null ? end.status : 1,
      message: [said, why].filter((text) => text !== '').join('\n'),
    }
  }

  #explain(end: UnitEnd): string {
    switch (this.#reason) {
      case 'disk':
        return "The server's disk is nearly full, so this was stopped and what had arrived is removed. Free some space, then try again."
      case 'idle':
        return 'Nothing was sent or read for five minutes, so this was stopped.'
      case 'closing':
        return 'The agent of this server is stopping; try again in a moment.'
      case null:
        return end.kind === 'killed' ? explainKill(end.by, this.#parts.limits) : ''
    }
  }
}

function explainKill(by: (UnitEnd & { kind: 'killed' })['by'], limits: GitLimits): string {
  switch (by) {
    case 'memory':
      return `git needed more than ${Math.round(limits.memoryBytes / 1024 / 1024)} MB of memory on the server and was stopped.`
    case 'time':
      return `git took longer than ${Math.round(limits.timeoutMs / 60_000)} minutes on the server and was stopped.`
    case 'signal':
      return 'git was ended by a signal on the server.'
  }
}
