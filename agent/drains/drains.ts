import { isIP, type LookupFunction } from 'node:net'
import { parseDrainUrl } from '../core/logs/drain-url.ts'
import type { Drain, Drains } from '../core/ports/logs/drain.ts'
import { guardedLookup, isGuarded, refusal } from '../exec/guarded-lookup.ts'
import { openHttpDrain } from './http-drain.ts'
import { openSyslogDrain } from './syslog-drain.ts'

/** `allowsOwnAddresses`: on this computer apps reach what listens on its loopback interface anyway. */
export function openDrains({ allowsOwnAddresses }: { allowsOwnAddresses: boolean }): Drains {
  return {
    open({ url, token }) {
      const place = parseDrainUrl(url)
      // An address that is written out is not looked up.
      if (!allowsOwnAddresses && isIP(place.host) !== 0 && isGuarded(place.host)) return unreachable(place.host)
      const lookup = allowsOwnAddresses ? undefined : (guardedLookup as LookupFunction)
      return place.kind === 'http' ? openHttpDrain(place, token, lookup) : openSyslogDrain(place, token, lookup)
    },
  }
}

function unreachable(host: string): Drain {
  return {
    send: async () => ({ kind: 'refused', reason: refusal(host).message }),
    close: () => {},
  }
}
