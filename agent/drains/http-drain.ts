import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import type { DrainPlace } from '../core/logs/drain-url.ts'
import type { Drain, DrainAnswer } from '../core/ports/logs/drain.ts'
import { post } from '../exec/post.ts'
import { renderFrames } from './frames.ts'

const timeoutMs = 10_000

/** POSTs of `application/logplex-1`, one at a time over a connection that is kept. */
export function openHttpDrain(place: DrainPlace, token: string, lookup: LookupFunction | undefined): Drain {
  const { Agent } = place.isEncrypted ? https : http
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    async send(lines, frameId, signal) {
      const { bytes, count } = renderFrames(lines, 'host')
      const headers = {
        'content-type': 'application/logplex-1',
        'logplex-msg-count': count,
        'logplex-frame-id': frameId,
        'logplex-drain-token': token,
        'user-agent': 'Logplex/Hearth',
      }
      return judge(await post(place.url, bytes, { headers, signal, timeoutMs, lookup, agent }))
    },
    close: () => agent.destroy(),
  }
}

/** 408 and 429 ask for patience, as 5xx do; any other 4xx, and a redirection, will be the same next time. */
function judge(status: number): DrainAnswer {
  if (status >= 200 && status < 300) return { kind: 'taken' }
  if (status >= 500 || status === 408 || status === 429) throw new Error(`it answered ${status}`)
  return { kind: 'refused', reason: `it answered ${status}` }
}
