import { isIP, type LookupFunction } from 'node:net'
import type { WebhookSender } from '../core/ports/webhooks.ts'
import { guardedLookup, isGuarded, refusal } from '../exec/guarded-lookup.ts'
import { post } from '../exec/post.ts'

const timeoutMs = 10_000

/** `allowsOwnAddresses`: on this computer apps reach what listens on its loopback interface anyway. */
export function openHttpWebhooks({ allowsOwnAddresses }: { allowsOwnAddresses: boolean }): WebhookSender {
  return async ({ url, body, headers }, signal) => {
    const place = new URL(url)
    const host = place.hostname.replace(/^\[|\]$/g, '')
    // An address that is written out is not looked up.
    if (!allowsOwnAddresses && isIP(host) !== 0 && isGuarded(host)) throw refusal(host)
    const lookup = allowsOwnAddresses ? undefined : (guardedLookup as LookupFunction)
    return await post(place, Buffer.from(body), { headers, signal, timeoutMs, lookup })
  }
}
