import { readFile, rename, writeFile } from 'node:fs/promises'

/** Which port was taken where another one was wanted, kept in a file: `8750 8751`. It holds as long as the same one is wanted. */
export class PortRecord {
  readonly #file: string
  readonly #wanted: number

  constructor(file: string, wanted: number) {
    this.#file = file
    this.#wanted = wanted
  }

  /** The wanted port where nothing is noted. */
  async read(): Promise<number> {
    const [, wanted, taken] = /^(\d+) (\d{1,5})\n$/.exec(await readFile(this.#file, 'utf8').catch(() => '')) ?? []
    return Number(wanted) === this.#wanted ? Number(taken) : this.#wanted
  }

  async write(taken: number): Promise<void> {
    await writeFile(`${this.#file}.new`, `${this.#wanted} ${taken}\n`, { mode: 0o600 })
    await rename(`${this.#file}.new`, this.#file)
  }
}
