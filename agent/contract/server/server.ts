import { z } from 'zod'
import { appReference, id, timestamp } from '../common.ts'
import { dynoStatus } from '../dynos/dyno.ts'

/** Extension: the server as a whole. Sizes are bytes. */
export const server = z.strictObject({
  id,
  name: z.string(),
  /** The agent's version. */
  version: z.string(),
  /** The beginning of its program's SHA-256, which tells two builds of one version apart. An older agent does not tell. */
  digest: z.string().optional(),
  protocol: z.number().int(),
  /** For example `Debian GNU/Linux 12 (bookworm)`. */
  operating_system: z.string(),
  architecture: z.enum(['x64', 'arm64']),
  runner: z.enum(['systemd', 'process']),
  /** How builds and dynos are kept apart, in words for the screen: "user namespaces", "systemd sandbox", "not sandboxed: ...". */
  sandbox: z.string(),
  stack: z.string(),
  /** ed25519 public key that signs releases, SPKI in base64. */
  public_key: z.string(),
  started_at: timestamp,
  /** Where the router takes HTTP: `{port: 80}` on a server; host is what a browser on the same network uses. */
  router: z.strictObject({
    state: z.enum(['up', 'down']),
    host: z.string(),
    port: z.number().int(),
    socket: z.string(),
    /** Host names that each app has by itself, with `{app}` for its name: `{app}.local`. An older agent does not tell. */
    names: z.array(z.string()).optional(),
    /** What it runs: the program of before, from an upgrade of the agent to its own restart. Null while it is down. */
    version: z.string().nullable().optional(),
    digest: z.string().nullable().optional(),
  }),
})
export type Server = z.infer<typeof server>

/** Extension: figures of now. */
export const serverStatus = z.strictObject({
  at: timestamp,
  memory: z.strictObject({ total_bytes: z.number().int(), available_bytes: z.number().int() }),
  cpu: z.strictObject({ cores: z.number().int(), load_1m: z.number() }),
  disk: z.strictObject({
    total_bytes: z.number().int(),
    free_bytes: z.number().int(),
    /** A build that would leave less than this is refused. */
    reserve_bytes: z.number().int(),
    /** What is wrong with the disk, as the end of "The disk ..."; null when it takes what is written. An older agent does not tell. */
    problem: z.string().nullable().optional(),
  }),
  /**
   * What else wants looking at, a sentence each: a disk that is nearly full, certificates that expire soon, an update that waits for
   * a reboot. An older agent does not tell.
   */
  warnings: z.array(z.string()).optional(),
  builds: z.strictObject({ queued: z.number().int(), running: z.number().int() }),
  /** Since the router started; of each app that was asked for something. An older agent does not tell. */
  apps: z
    .array(
      z.strictObject({
        app: appReference,
        requests: z.number().int(),
        in_flight: z.number().int(),
        last_request_at: timestamp.nullable(),
      }),
    )
    .optional(),
  requests: z.strictObject({ total: z.number().int(), in_flight: z.number().int() }),
  dynos: z.array(z.strictObject({ app: appReference, ...dynoStatus.shape })),
})
export type ServerStatus = z.infer<typeof serverStatus>
