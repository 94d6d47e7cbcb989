/**
 * Counts connections by where they come from, so that a flood from one place takes nothing from others: when the router is full,
 * each place has the same share, and who has more makes room.
 */
export class Admission {
  private readonly counts = new Map<string, number>()
  private readonly maxConnections: number

  constructor(maxConnections: number) {
    this.maxConnections = maxConnections
  }

  enter(address: string): void {
    const place = placeOf(address)
    this.counts.set(place, (this.counts.get(place) ?? 0) + 1)
  }

  leave(address: string): void {
    const place = placeOf(address)
    const left = (this.counts.get(place) ?? 1) - 1
    if (left > 0) this.counts.set(place, left)
    else this.counts.delete(place)
  }

  /** Whether this place has more connections than there were for each if all had the same number. */
  hasMoreThanItsShare(address: string): boolean {
    return (this.counts.get(placeOf(address)) ?? 0) > this.maxConnections / this.counts.size
  }
}

/** One network of IPv6 is one place: whoever has one has 2^64 addresses. */
function placeOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0')].slice(0, 4).join(':')
}
