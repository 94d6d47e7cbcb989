// Constant load: a fixed number of requests a second whatever the answers take, as visitors do, and the story of each.
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { eventually } from '../../servers/index.ts'

export interface Target {
  host: string
  port: number
  /** The app's host name. */
  hostname: string
  path?: string
  /** By https, with a certificate that this authority (PEM) signed for the name. */
  authority?: string
}

export interface Load {
  /** Ends the load, waits for the last answers, and tells. */
  stop(): Promise<LoadReport>
  /** Resolves when so many more requests were sent. */
  sentMore(count: number): Promise<void>
  /** Resolves when the answers show what is waited for: the last body, and which dynos answered so far. */
  answersShow(what: (lastBody: string, dynos: readonly string[]) => boolean): Promise<void>
}

export interface LoadReport {
  sent: number
  /** Whatever was not a complete answer with status 200, as `second: what happened`. */
  failures: string[]
  p50Ms: number
  p99Ms: number
  slowestMs: number
  /** How many answers each dyno gave. */
  dynos: Record<string, number>
  lastBody: string
}

const answerMs = 30_000
/** A release and its dynos' start, on a machine that does other things too. */
const showMs = 60_000

/** Every second request on a connection of its own, the others on connections that are kept. */
export function startLoad(target: Target, perSecond = 50): Load {
  const kept = new (target.authority ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 16 })
  const times: number[] = []
  const failures: string[] = []
  const dynos: Record<string, number> = {}
  const pending = new Set<Promise<void>>()
  const started = performance.now()
  let sent = 0
  let lastBody = ''

  const timer = setInterval(() => {
    // A timer that was late catches up: the load is constant, not what the test's own pauses leave of it.
    const due = Math.floor(((performance.now() - started) / 1000) * perSecond)
    while (sent < due) send()
  }, 1000 / perSecond)

  function send(): void {
    sent += 1
    const at = performance.now()
    const asked = ask(target, sent % 2 === 0 ? kept : undefined).then(
      ({ status, body }) => {
        times.push(performance.now() - at)
        if (status !== 200) failures.push(tell(at, `${status} ${/\bH\d\d\b/.exec(body)?.[0] ?? body.slice(0, 120)}`))
        else lastBody = body
        const dyno = /\bweb\.\d+/.exec(body)?.[0]
        if (dyno) dynos[dyno] = (dynos[dyno] ?? 0) + 1
      },
      (error: Error) => {
        failures.push(tell(at, error.message))
      },
    )
    pending.add(asked)
    void asked.finally(() => pending.delete(asked))
  }

  const tell = (at: number, what: string) => `${((at - started) / 1000).toFixed(1)} s: ${what}`

  return {
    async sentMore(count) {
      const goal = sent + count
      while (sent < goal) await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond))
    },
    async answersShow(what) {
      const isShown = () => what(lastBody, Object.keys(dynos))
      await eventually(async () => isShown(), showMs, `the answers don't show it; the last one: ${lastBody}`)
    },
    async stop() {
      clearInterval(timer)
      await Promise.all(pending)
      kept.destroy()
      times.sort((a, b) => a - b)
      const at = (share: number) => Math.round((times[Math.floor((times.length - 1) * share)] ?? Number.NaN) * 10) / 10
      return { sent, failures, p50Ms: at(0.5), p99Ms: at(0.99), slowestMs: at(1), dynos, lastBody }
    },
  }
}

export function ask(
  { host, port, hostname, path = '/', authority }: Target,
  agent?: HttpAgent | HttpsAgent,
): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
  const plain = { host, port, path, headers: { host: hostname }, agent: agent ?? false, timeout: answerMs }
  const send = authority ? httpsRequest : httpRequest
  const sent = send(authority ? { ...plain, servername: hostname, ca: authority } : plain, (response) => {
    let body = ''
    response.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    response.on('error', reject)
  })
  sent.on('timeout', () => sent.destroy(new Error(`no answer in ${answerMs / 1000} s`)))
  sent.on('error', reject)
  sent.end()
  return promise
}
