/** Heroku's conventions: arrows for sections, seven spaces for details, an exclamation mark for what is wrong. */
export function printHeader(text: string): void {
  process.stdout.write(`-----> ${text}\n`)
}

export function printDetail(text: string): void {
  for (const line of text.split('\n')) process.stdout.write(`       ${line}\n`)
}

/** Printed like an error, but the build goes on. */
export function printWarning(text: string): void {
  for (const line of text.split('\n')) process.stdout.write(` !     ${line}\n`.replace(/ +\n$/, '\n'))
}

/** Ends the build: what is wrong in one line, then what to do about it. */
export class BuildError extends Error {
  /** A short stable name, as Heroku's buildpacks report it. */
  readonly id: string
  readonly advice: string

  constructor(id: string, headline: string, advice: string) {
    super(headline)
    this.id = id
    this.advice = advice
  }

  print(): void {
    process.stdout.write('\n')
    printWarning(this.message)
    printWarning('')
    printWarning(this.advice)
    printWarning(`(${this.id})`)
  }
}
