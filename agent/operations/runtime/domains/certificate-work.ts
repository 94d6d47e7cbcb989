/** Wakes whoever keeps the certificates before its time: somebody has just asked for one. */
export class CertificateWork {
  #ring: (() => void) | null = null
  #isWanted = false

  /** Resolves with `delay`, or as soon as there is something to do. */
  async wait(delay: Promise<void>): Promise<void> {
    const wanted = new Promise<void>((resolve) => {
      this.#ring = resolve
      if (this.#isWanted) resolve()
    })
    await Promise.race([delay, wanted])
    this.#ring = null
    this.#isWanted = false
  }

  want(): void {
    this.#isWanted = true
    this.#ring?.()
  }
}
