import { hkdfSync, randomBytes } from 'node:crypto'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'

const secretBytes = 32
/** OpenSSL's ticket key: a name, a key to authenticate and one to encrypt with. */
const ticketKeyBytes = 48
/** Whoever steals it can read sessions of TLS 1.2 that were resumed meanwhile, and no others. */
const lifetimeMs = 12 * 60 * 60_000

/**
 * What a client gets to come back with instead of a whole handshake is sealed with this. All processes of the router have the same,
 * so that it doesn't matter which one takes the next connection: the first one makes it, the others read its file.
 */
export class TicketSecret {
  private readonly path: string
  private readonly isMaker: boolean
  private secret: Buffer = randomBytes(secretBytes)

  constructor(path: string, isMaker: boolean) {
    this.path = path
    this.isMaker = isMaker
  }

  /** Reads it, and makes a new one when its time is over. True when it is another one than before. */
  async refresh(nowMs: number): Promise<boolean> {
    const age = await stat(this.path).then(({ mtimeMs }) => nowMs - mtimeMs, never)
    if (this.isMaker && !(age >= -lifetimeMs && age < lifetimeMs)) await this.make()
    const secret = await readFile(this.path).catch(() => this.secret)
    if (secret.length !== secretBytes || secret.equals(this.secret)) return false
    this.secret = secret
    return true
  }

  /** A session of one certificate opens nothing of another. */
  keyFor(certificate: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.secret, certificate, 'hearth session ticket', ticketKeyBytes))
  }

  private async make(): Promise<void> {
    await writeFile(`${this.path}.new`, randomBytes(secretBytes), { mode: 0o600 })
    await rename(`${this.path}.new`, this.path)
  }
}

const never = (): number => Number.POSITIVE_INFINITY
