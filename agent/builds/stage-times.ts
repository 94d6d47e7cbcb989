/** How long the stages of a build took, for whoever wonders where the time goes. */
export class StageTimes {
  readonly #stages: { name: string; ms: number }[] = []

  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now()
    const result = await work()
    this.#stages.push({ name, ms: performance.now() - started })
    return result
  }

  /** `source 0.1 s, detect 0.4 s, compile 12.0 s` */
  render(): string {
    return this.#stages.map(({ name, ms }) => `${name} ${(ms / 1000).toFixed(1)} s`).join(', ')
  }
}
