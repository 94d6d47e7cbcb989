const secretName = '(?:secret|passw(?:or)?d|passphrase|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|dsn)'

/** What looks like a secret wherever it stands. Too much taken away is a nuisance, too little is a leak. */
const patterns: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // The login in a URL, up to the last @ before its end: a password may hold one.
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]*(?=@)/gi,
  /(?<=\b(?:proxy-)?authorization["']?\s*[:=]\s*).+$/gim,
  /(?<=\b(?:set-)?cookie["']?\s*[:=]\s*).+$/gim,
  /(?<=\b(?:bearer|basic)\s+)\S+/gi,
  // The value of what is called a secret: in JSON, in JSON that is a string of JSON, in quotes, or a word.
  ...[String.raw`"(?:[^"\\]|\\.)*"`, String.raw`\\+"(?:(?!\\+").)*`, "'[^']*'", String.raw`[^\s"',;}\]\\]+`].map(
    (value) => new RegExp(String.raw`(?<=[\w.-]*${secretName}[\w.-]*\\*["']?\s*[:=]\s*)${value}`, 'gi'),
  ),
  /(?<=[?&][\w.-]*(?:sig|key|token|auth|code|secret|password)[\w.-]*=)[^&\s"']+/gi,
  // Long words of letters and digits: tokens, digests, ids. Which is which, nobody can tell by looking.
  /(?<![\w+=-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{24,}(?![\w+=-])/g,
]

/** So short, or so common, that its replacement would only make the text unreadable. */
const shortest = 5
const harmless = new Set(['false', 'production', 'development', 'staging', 'localhost', '127.0.0.1', 'debug', 'error'])

/**
 * Takes secrets out of text: those that are known by their value, in every form in which a log may hold them, and
 * whatever looks like one. The same secret is the same number throughout, so that lines can still be told to belong
 * together.
 */
export class Redactor {
  readonly #known: string[]
  readonly #numbers = new Map<string, number>()

  constructor(secrets: Iterable<string> = []) {
    const forms = new Set<string>()
    for (const secret of secrets) for (const form of formsOf(secret)) forms.add(form)
    // The longest first: a secret may hold another.
    this.#known = [...forms].sort((a, b) => b.length - a.length)
  }

  redact(text: string): string {
    let clean = text
    for (const secret of this.#known) if (clean.includes(secret)) clean = clean.replaceAll(secret, this.#mark(secret))
    for (const pattern of patterns)
      clean = clean.replace(pattern, (found) => (isMark(found) ? found : this.#mark(found)))
    return clean
  }

  /** A value as JSON has it: its texts, and what is called a secret by its name. Rendered first, a text would be escaped. */
  redactValue(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value)
    if (Array.isArray(value)) return value.map((item) => this.redactValue(item))
    if (value === null || typeof value !== 'object') return value
    const entries = Object.entries(value).map(([name, item]) => {
      const isSecret = typeof item === 'string' && isSecretName(name)
      return [this.redact(name), isSecret ? this.#mark(item) : this.redactValue(item)]
    })
    return Object.fromEntries(entries)
  }

  #mark(secret: string): string {
    const number = this.#numbers.get(secret) ?? this.#numbers.size + 1
    this.#numbers.set(secret, number)
    return `[redacted ${number}]`
  }
}

/** Also where a pattern ends at the mark's space. */
const isMark = (text: string) => /^["']?\[redacted(?: \d+\])?["']?$/.test(text)

/** As it is, line by line, as JSON, URLs and Base64 write it. */
function formsOf(secret: string): string[] {
  const parts = [secret, ...secret.split(/\r?\n/)].map((part) => part.trim())
  const told = parts.filter((part) => part.length >= shortest && !harmless.has(part) && !/^\d{1,5}$/.test(part))
  return told.flatMap((part) => [
    part,
    JSON.stringify(part).slice(1, -1),
    encodeURIComponent(part),
    Buffer.from(part).toString('base64'),
    Buffer.from(part).toString('base64url'),
  ])
}

/** Whether what stands under this name is a secret, by what it is called. */
export const isSecretName = (name: string): boolean =>
  new RegExp(secretName, 'i').test(name) || /_(key|url)$/i.test(name)
