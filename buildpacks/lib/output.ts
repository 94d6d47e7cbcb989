/** Heroku's conventions: arrows for sections, seven spaces for details, an exclamation mark for what is wrong. */
export function printHeader(text: string): void {
  process.stdout.write(`-----> ${text}\n`)
}

export function printDetail(text: string): void {
  for (const line of text.split('\n')) process.stdout.write(`       ${line}\n`)
}

/** Each line behind the exclamation mark. */
export function renderWarning(text: string): string {
  return `${text.replace(/^/gm, ' !     ').replace(/ +$/gm, '')}\n`
}

/** Printed like an error, but the build goes on. */
export function printWarning(text: string): void {
  process.stdout.write(renderWarning(text))
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

  /** As it stands in a build's output. */
  render(): string {
    return `\n${renderWarning([this.message, '', this.advice, `(${this.id})`].join('\n'))}`
  }
}
