/** A terminal that a client was told the address of, with what its opening needs to know. */
export interface Attachment {
  readonly serverId: string
  readonly app: string
  /** Not its name: a command inside a dyno has that dyno's. */
  readonly dynoId: string
  /** The client waits for a line with the exit status. */
  readonly hasExitMarker: boolean
  /** The client asked for plain pipes. */
  readonly isPiped: boolean
}

const keptMs = 10 * 60_000
const maximumKept = 1_000

/** Terminals that wait to be opened, each once, by the secret in its address. */
export class Attachments {
  readonly #waiting = new Map<string, { attachment: Attachment; untilMs: number }>()

  add(secret: string, attachment: Attachment): void {
    const now = performance.now()
    for (const [known, { untilMs }] of this.#waiting)
      if (untilMs < now || this.#waiting.size >= maximumKept) this.#waiting.delete(known)
    this.#waiting.set(secret, { attachment, untilMs: now + keptMs })
  }

  /** Takes it: a terminal has one user. Null for a secret that nobody was told. */
  take(secret: string, serverId: string): Attachment | null {
    const found = this.#waiting.get(secret)
    if (!found || found.attachment.serverId !== serverId || found.untilMs < performance.now()) return null
    this.#waiting.delete(secret)
    return found.attachment
  }
}
