import type { DomainDns } from '../../../contract/domains/domain.ts'
import { checkDomain, type FoundRecords } from '../../../core/domains/domain-check.ts'
import type { Clock } from '../../../core/ports/clock.ts'
import type { NameSystem } from '../../../core/ports/domains/name-system.ts'

const keptMs = 60_000

interface Kept {
  readonly atMs: number
  readonly found: Promise<FoundRecords | null>
}

/** What the DNS says of domains, asked anew when somebody looks and a minute has passed. */
export class DomainChecks {
  readonly #names: NameSystem
  readonly #clock: Clock
  readonly #kept = new Map<string, Kept>()

  constructor(names: NameSystem, clock: Clock) {
    this.#names = names
    this.#clock = clock
  }

  async check(hostname: string): Promise<DomainDns> {
    return checkDomain({ hostname, addresses: this.#names.addresses(), found: await this.#find(hostname) })
  }

  #find(hostname: string): Promise<FoundRecords | null> {
    const nowMs = this.#clock.uptime()
    const known = this.#kept.get(hostname)
    if (known && nowMs - known.atMs < keptMs) return known.found
    for (const [name, { atMs }] of this.#kept) if (nowMs - atMs >= keptMs) this.#kept.delete(name)
    const found = this.#ask(hostname)
    this.#kept.set(hostname, { atMs: nowMs, found })
    return found
  }

  async #ask(hostname: string): Promise<FoundRecords | null> {
    const ask = (kind: 'A' | 'AAAA' | 'CNAME') => this.#names.resolve(hostname, kind).catch(() => null)
    const [a, aaaa, cname] = await Promise.all([ask('A'), ask('AAAA'), ask('CNAME')])
    // One of the two is enough to say something.
    return a === null && aaaa === null ? null : { a: a ?? [], aaaa: aaaa ?? [], cname: cname ?? [] }
  }
}
