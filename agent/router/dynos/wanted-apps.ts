import type { AppRoute } from './routes.ts'

/** After so long a wait the asker is told that there is nothing, so that both sides know that the other is there. */
const longestWaitMs = 30_000

/** Apps asleep that requests wait for, and whether anybody listens who could wake them. */
export class WantedApps {
  private readonly apps: () => Iterable<AppRoute>
  private readonly listeners = new Set<() => void>()
  private unheardSince = performance.now()

  constructor(apps: () => Iterable<AppRoute>) {
    this.apps = apps
  }

  /** Somebody waits for an app asleep. */
  tell(): void {
    for (const listener of [...this.listeners]) listener()
  }

  /** Resolves with their ids as soon as there are any; with none when the signal aborts or nothing happened for long. */
  wait(signal: AbortSignal): Promise<string[]> {
    this.unheardSince = performance.now()
    const found = this.find()
    if (found.length > 0 || signal.aborted) return Promise.resolve(found)
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer)
        this.listeners.delete(finish)
        signal.removeEventListener('abort', finish)
        this.unheardSince = performance.now()
        resolve(this.find())
      }
      const timer = setTimeout(finish, longestWaitMs)
      this.listeners.add(finish)
      signal.addEventListener('abort', finish, { once: true })
    })
  }

  /** Nobody has listened for so long. */
  isUnheard(now: number, durationMs: number): boolean {
    return this.listeners.size === 0 && now - this.unheardSince >= durationMs
  }

  private find(): string[] {
    const ids: string[] = []
    for (const { app, held } of this.apps()) if (app.isAsleep && held.size > 0) ids.push(app.id)
    return ids
  }
}
