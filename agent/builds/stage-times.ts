/** How long the stages of a build took, for whoever wonders where the time goes. */
export class StageTimes {
  /** In the order in which they began. */
  readonly #stages = new Map<string, number>()

  /** What has the same name is one stage, however often it comes. */
  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now()
    const result = await work()
    this.#stages.set(name, (this.#stages.get(name) ?? 0) + performance.now() - started)
    return result
  }

  /** `source 0.1 s, detect 0.4 s, compile 12.0 s` */
  render(): string {
    return [...this.#stages].map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)} s`).join(', ')
  }
}
