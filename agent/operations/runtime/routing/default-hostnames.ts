import { isWildcard } from '../../../core/domains/certificate-names.ts'
import { chooseNames, fillName, nameTemplates } from '../../../core/domains/default-names.ts'
import type { Clock } from '../../../core/ports/clock.ts'
import type { NameSystem } from '../../../core/ports/domains/name-system.ts'
import type { Machine } from '../../../core/ports/machine.ts'
import type { RoutedApp } from '../../../core/ports/routing/router-control.ts'
import type { Store } from '../../../core/ports/store.ts'
import type { Background } from '../background.ts'

/** Addresses change seldom, and a thousand apps are routed at once. */
const keptMs = 10_000

interface Ports {
  readonly store: Store
  readonly clock: Clock
  readonly names: NameSystem
  readonly machine: Machine
  readonly background: Background
}

/** Names that apps have by themselves, on this server and at its addresses of now. */
export class DefaultHostnames {
  readonly #ports: Ports
  #announced = ''
  #templates: readonly string[] = []
  #lookedAtMs = Number.NEGATIVE_INFINITY

  constructor(ports: Ports) {
    this.#ports = ports
  }

  /** With `{app}` for the app's name. */
  templates(): readonly string[] {
    const { clock, machine, names } = this.#ports
    const nowMs = clock.uptime()
    if (nowMs - this.#lookedAtMs >= keptMs) {
      this.#lookedAtMs = nowMs
      const addresses = names.addresses()
      this.#templates = nameTemplates(names.choice ?? chooseNames(machine.facts.runner, addresses), addresses)
    }
    return this.#templates
  }

  /** Without what somebody added as a domain of another app: that was asked for. */
  of(appName: string): string[] {
    const all = this.templates().map((template) => fillName(template, appName))
    return all.filter((hostname) => this.#ports.store.domains.byHostname(hostname) === null)
  }

  /** Whether an app could have it by itself. */
  isOneOf(hostname: string): boolean {
    return this.templates().some((template) => hostname.endsWith(template.slice('{app}'.length)))
  }

  /** Tells the local network which of the routed names are its own, if any is another than before. */
  announce(apps: Iterable<RoutedApp>): void {
    const { background, names } = this.#ports
    if (!this.templates().some((template) => template.endsWith('.local'))) return
    const all = [...apps].flatMap(({ hostnames }) =>
      hostnames.filter((hostname) => hostname.endsWith('.local') && !isWildcard(hostname)),
    )
    const text = all.join(' ')
    if (text === this.#announced) return
    this.#announced = text
    background.run('announcing names', () => names.local.announce(all))
  }
}
