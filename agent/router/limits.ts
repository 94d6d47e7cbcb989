/** Heroku's limits, where it states them (its HTTP Routing page). */
export const limits = {
  requestLineBytes: 8192,
  requestHeaderLineBytes: 8192,
  headerNameBytes: 1000,
  headerCount: 1000,
  methodBytes: 127,
  /** Ours: Heroku states no sum, yet 1,000 lines of 8 KB are too much to hold for a stranger. */
  requestHeadBytes: 128 * 1024,
  statusLineBytes: 8192,
  responseHeaderLineBytes: 512 * 1024,
  setCookieBytes: 8192,
  responseHeadBytes: 1024 * 1024,
  trailerBytes: 16 * 1024,
  /** How much of a request's body is kept while there is no dyno to send it to. */
  requestBufferBytes: 64 * 1024,
  /** How much of a response is kept for a client that reads slowly, so that the dyno can go on to its next request. */
  responseBufferBytes: 1024 * 1024,
  /** All that is kept for slow clients, slow dynos and unfinished heads; the fuller it is, the less each connection gets. */
  allBuffersBytes: 64 * 1024 * 1024,
  /** Unanswered requests of an app for each of its web dynos; beyond that, H11. */
  backlogPerDyno: 200,
  /** Of clients, idle ones included; a few thousand files are left for connections to dynos (the unit allows 65,536). */
  connections: 40_000,
  /** What a client says before anything is encrypted; with a post-quantum key it is about 2,000. */
  clientHelloBytes: 16 * 1024,
  /** Connections on their way to TLS at once; the oldest goes first. */
  handshakes: 2000,
  /** Certificates that are ready to be shown; another one is read when somebody asks for it. */
  secureContexts: 1000,
  /** Beyond that, so many get an answer (H22); the rest is closed at once. */
  unwelcomeConnections: 1000,
  /** How many connections are looked at to find an idle one that can make room. */
  evictionLook: 1000,
  /** Requests at once on one connection of HTTP/2. */
  streamsPerConnection: 100,
  /** How far the client of a stream of HTTP/2 may be ahead of its dyno: over a way of 100 ms that is 10 MB a second. */
  streamWindowBytes: 1024 * 1024,
  /** The same of all streams of a connection; beyond that nothing more is read from it. */
  connectionWindowBytes: 8 * 1024 * 1024,
  connectAttempts: 10,
  /** As many as a dyno may have requests: fewer, and a busy app would open a connection for every second request. */
  idleConnectionsPerDyno: 200,
  /** Exchanges that are over and wait for another request. */
  spareExchanges: 1024,
  logBatchBytes: 64 * 1024,
  logBufferBytes: 4 * 1024 * 1024,
} as const

export interface Timeouts {
  readonly connectMs: number
  /** From the moment when the whole request was sent to the first byte of the answer (H12). */
  readonly firstByteMs: number
  /** After that: silence in both directions (H15, H28). */
  readonly idleMs: number
  /** How long a request waits for a dyno (H20, H34). */
  readonly holdMs: number
  /** How long a request waits for an app asleep while no agent is there to wake it (H99). */
  readonly agentAwayMs: number
  readonly quarantineMs: number
  readonly clientIdleMs: number
  /** From the first byte of a request's head to its last. */
  readonly requestHeadMs: number
  /** From a connection's first moment to the end of its TLS handshake. */
  readonly handshakeMs: number
  readonly dynoIdleMs: number
  /** How long a refused client may go on sending before its connection is cut. */
  readonly lingerMs: number
  /** How long a router that stops goes on as before, but for the word to clients that it closes. */
  readonly farewellMs: number
  readonly stopMs: number
  readonly sweepMs: number
}

export const defaultTimeouts: Timeouts = {
  connectMs: 5000,
  firstByteMs: 30_000,
  idleMs: 55_000,
  holdMs: 75_000,
  agentAwayMs: 10_000,
  quarantineMs: 5000,
  clientIdleMs: 60_000,
  requestHeadMs: 30_000,
  handshakeMs: 10_000,
  dynoIdleMs: 90_000,
  lingerMs: 3000,
  farewellMs: 1000,
  stopMs: 30_000,
  sweepMs: 500,
}
