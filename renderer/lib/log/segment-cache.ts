/** Some hundred thousand lines, some tens of megabytes. */
const mostKept = 30

/**
 * The segments that are looked at now and those looked at last. One is asked for at a time, and of those that are wanted the first:
 * whoever scrolls through a million lines must not ask for all that passes by.
 */
export class SegmentCache {
  readonly #load: (id: number) => Promise<string>
  readonly #onLoad: () => void
  readonly #kept = new Map<number, string[]>()
  readonly #failed = new Set<number>()
  #wanted: readonly number[] = []
  #isLoading = false

  constructor(load: (id: number) => Promise<string>, onLoad: () => void) {
    this.#load = load
    this.#onLoad = onLoad
  }

  /** Its lines; undefined as long as they are not here. */
  linesOf(id: number): readonly string[] | undefined {
    return this.#kept.get(id)
  }

  /** It could not be read: it went to make room, or the server is away. */
  hasFailed(id: number): boolean {
    return this.#failed.has(id)
  }

  want(ids: readonly number[]): void {
    this.#wanted = ids
    for (const id of ids) this.#touch(id)
    void this.#loadNext()
  }

  async #loadNext(): Promise<void> {
    const id = this.#wanted.find((each) => !this.#kept.has(each) && !this.#failed.has(each))
    if (this.#isLoading || id === undefined) return
    this.#isLoading = true
    try {
      this.#keep(id, (await this.#load(id)).split('\n').slice(0, -1))
    } catch {
      this.#failed.add(id)
    }
    this.#isLoading = false
    this.#onLoad()
    void this.#loadNext()
  }

  #keep(id: number, lines: string[]): void {
    this.#kept.set(id, lines)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) return
      this.#kept.delete(oldest)
    }
  }

  #touch(id: number): void {
    const lines = this.#kept.get(id)
    if (!lines) return
    this.#kept.delete(id)
    this.#kept.set(id, lines)
  }
}
