import { z } from 'zod'
import { server as agentServer, serverStatus } from '../../agent/contract/server/server.ts'
import { serverPodman } from '../../agent/contract/server/server-podman.ts'
import { stack } from '../../agent/contract/server/stack.ts'
import { call, stream } from './define.ts'

/** Where the connection to a server stands; `reason` says why in a sentence, and what to do. */
export const connection = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('connecting'), reason: z.string().nullable() }),
  z.strictObject({ state: z.literal('online'), latencyMs: z.number().nullable() }),
  z.strictObject({ state: z.literal('offline'), reason: z.string(), retryAt: z.number().nullable() }),
  /** The host shows another key than the one that was trusted. Nothing is sent until a human decides. */
  z.strictObject({ state: z.literal('host-key-changed'), reason: z.string(), fingerprint: z.string() }),
  /** sshd answers but there is no agent, or one that is too old. */
  z.strictObject({ state: z.literal('needs-install'), reason: z.string() }),
  /** The SSH inside Hearth lacks what this host wants; the user may choose the computer's own. */
  z.strictObject({ state: z.literal('needs-system-ssh'), reason: z.string() }),
])
export type Connection = z.infer<typeof connection>

/** How SSH is spoken: by Hearth itself, or by the `ssh` program of this computer with its configuration. */
export const transport = z.enum(['ssh2', 'system'])
export type TransportKind = z.infer<typeof transport>

export const server = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['embedded', 'ssh']),
  host: z.string(),
  port: z.number().int(),
  user: z.string(),
  /** Null for "This computer". */
  transport: transport.nullable(),
  /** How to log in for an upgrade without asking anything; null where that takes a secret. */
  login: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('agent') }),
      z.strictObject({ kind: z.literal('key'), path: z.string() }),
    ])
    .nullable(),
  /** The agent beside the one that this desktop brings; null while that is unknown, and for "This computer". */
  age: z.enum(['current', 'outdated', 'newer']).nullable(),
  /** The router still runs the program of before the agent's last upgrade, until it is restarted. */
  hasOldRouter: z.boolean(),
  connection,
  /** What the agent last told of itself; kept while offline. */
  agent: agentServer.nullable(),
})
export type Server = z.infer<typeof server>

/** How to log in for the installation. After it the desktop uses a key of its own. */
export const authentication = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agent') }),
  z.strictObject({ kind: z.literal('key'), path: z.string(), passphrase: z.string().optional() }),
  z.strictObject({ kind: z.literal('password'), password: z.string() }),
])
export type Authentication = z.infer<typeof authentication>

export const preflightCheck = z.strictObject({
  /** `operating system`, `disk`, ... */
  name: z.string(),
  state: z.enum(['passed', 'warning', 'failed']),
  /** What was found: `Debian GNU/Linux 12 (bookworm), x64`. */
  found: z.string(),
  /** What to do about it; null when it passed. */
  remedy: z.string().nullable(),
})
export type PreflightCheck = z.infer<typeof preflightCheck>

/** One line of the installation's progress (newline-separated JSON on the stream). */
export const installEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('check'), check: preflightCheck }),
  /** All steps, in order, once, before the first starts. */
  z.strictObject({ kind: z.literal('plan'), steps: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal('step'),
    step: z.string(),
    state: z.enum(['running', 'done', 'failed', 'skipped']),
    durationMs: z.number().nullable(),
    message: z.string().nullable(),
  }),
  /** Bytes of a step that sends something. */
  z.strictObject({ kind: z.literal('progress'), step: z.string(), done: z.number(), total: z.number() }),
  z.strictObject({ kind: z.literal('output'), text: z.string() }),
])
export type InstallEvent = z.infer<typeof installEvent>

const serverId = z.strictObject({ serverId: z.string() })
const endpoint = { host: z.string().min(1), port: z.number().int().min(1).max(65_535), user: z.string().min(1) }

export const calls = {
  'servers.list': call(z.strictObject({}), z.array(server)),
  /** Reaches the host and shows its key, before anything secret is sent. Without `transport`, by the one that fits. */
  'servers.probe': call(
    z.strictObject({ ...endpoint, transport: transport.optional() }),
    z.strictObject({
      fingerprint: z.string(),
      keyType: z.string(),
      known: z.enum(['new', 'same', 'changed']),
      transport,
      /** Why the system's ssh fits better, a sentence; null when it was not chosen by Hearth. */
      reason: z.string().nullable(),
    }),
  ),
  /** Remembers the server with the key that the user has just confirmed. */
  'servers.add': call(
    z.strictObject({ name: z.string().min(1).max(60), ...endpoint, transport, fingerprint: z.string() }),
    server,
  ),
  'servers.rename': call(z.strictObject({ serverId: z.string(), name: z.string().min(1).max(60) }), server),
  /** Connects to the server in another way from now on, at once. */
  'servers.chooseTransport': call(z.strictObject({ serverId: z.string(), transport }), server),
  /**
   * Whether this computer has an ssh that can be chosen, and why its configuration wants it for this server: a
   * sentence, or null. It runs the user's ssh, so it is asked for a server that the user looks at.
   */
  'servers.systemSsh': call(serverId, z.strictObject({ isAvailable: z.boolean(), reason: z.string().nullable() })),
  /** Forgets the server here; the machine itself is left as it is. */
  'servers.remove': call(serverId, z.strictObject({})),
  'servers.reconnect': call(serverId, server),
  'servers.trustHostKey': call(z.strictObject({ serverId: z.string(), fingerprint: z.string() }), server),
  /** With the program that is installed now; answers when it serves, and no request is refused meanwhile. */
  'servers.restartRouter': call(serverId, server),
  /** Whether it can run images. */
  'servers.podman': call(serverId, serverPodman),
  /** Answers when it has begun; `servers.podman` tells how it goes. */
  'servers.installPodman': call(serverId, serverPodman),
  'servers.status': call(serverId, serverStatus),
  /** What its apps can be built on, the usual one first; not each is made yet. */
  'servers.stacks': call(serverId, z.array(stack)),
  'servers.uninstall': call(
    z.strictObject({
      serverId: z.string(),
      authentication,
      sudoPassword: z.string().optional(),
      removeData: z.boolean(),
    }),
    z.strictObject({}),
  ),
} as const

export const streams = {
  /** Installs, repairs or upgrades the agent; bytes are InstallEvents. Cancelling stops between two steps. */
  'servers.install': stream(
    z.strictObject({ serverId: z.string(), authentication, sudoPassword: z.string().optional() }),
    server,
  ),
} as const
