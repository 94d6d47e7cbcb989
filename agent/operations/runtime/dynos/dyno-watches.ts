import { HearthError } from '../../../contract/errors.ts'
import type { DynoExit } from '../../../core/ports/dynos/dyno-runner.ts'
import type { LogStore } from '../../../core/ports/logs/log-store.ts'
import type { DynoRow } from '../../../core/ports/store.ts'

/** It was asked to end, or its terminal's reader is gone. */
export type Ending = 'asked' | 'hung-up'

/** What the agent holds of a dyno's process besides its row. */
export interface Watch {
  readonly appId: string
  readonly name: string
  readonly follow: ((text: string) => void) | undefined
  readonly decoder: TextDecoder
  readonly exit: PromiseWithResolvers<DynoExit>
  /** Settles when the runner has started it or could not. */
  launched: Promise<unknown>
  /** Its end is wanted, and whoever wants it deals with the row. `killed`: without being asked; `excess`: for its memory. */
  ending: Ending | 'killed' | 'excess' | null
}

/** The processes that are there, or are being started. */
export class DynoWatches {
  readonly #logs: LogStore
  readonly #watches = new Map<string, Watch>()

  constructor(logs: LogStore) {
    this.#logs = logs
  }

  open({ id, appId, name }: DynoRow, follow?: (text: string) => void): Watch {
    const watch: Watch = {
      appId,
      name,
      follow,
      decoder: new TextDecoder(),
      exit: Promise.withResolvers(),
      launched: Promise.resolve(),
      ending: null,
    }
    this.#watches.set(id, watch)
    return watch
  }

  get(id: string): Watch | undefined {
    return this.#watches.get(id)
  }

  forget(id: string): void {
    this.#watches.delete(id)
  }

  /** The process is gone. */
  end(exit: DynoExit): void {
    const watch = this.#watches.get(exit.id)
    this.#watches.delete(exit.id)
    watch?.exit.resolve(exit)
  }

  /** How a dyno that runs will have ended. */
  exit(id: string): Promise<DynoExit> {
    const watch = this.#watches.get(id)
    if (!watch) throw new HearthError('gone', 'The dyno is gone.')
    return watch.exit.promise
  }

  onOutput(id: string, bytes: Uint8Array): void {
    const watch = this.#watches.get(id)
    if (!watch) return
    this.#logs.writeOutput(watch.appId, { id, name: watch.name }, bytes)
    watch.follow?.(watch.decoder.decode(bytes, { stream: true }))
  }
}
