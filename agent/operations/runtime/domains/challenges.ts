import type { RoutedChallenge } from '../../../core/ports/routing/router-control.ts'

/** What authorities ask to see at the router at the moment, by app. Whoever changes it tells the router. */
export class Challenges {
  readonly #challenges = new Map<string, readonly RoutedChallenge[]>()

  of(appId: string): readonly RoutedChallenge[] {
    return this.#challenges.get(appId) ?? []
  }

  add(appId: string, challenge: RoutedChallenge): void {
    this.#challenges.set(appId, [...this.of(appId), challenge])
  }

  remove(appId: string, challenge: RoutedChallenge): void {
    const left = this.of(appId).filter((one) => one !== challenge)
    if (left.length > 0) this.#challenges.set(appId, left)
    else this.#challenges.delete(appId)
  }
}
