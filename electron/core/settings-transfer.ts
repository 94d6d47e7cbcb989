import { z } from 'zod'
import { HearthError } from '../../agent/contract/errors.ts'
import type { Changes } from './changes.ts'
import type { Servers } from './servers/servers.ts'
import type { Settings, SettingsStore, SettingsUpdate } from './settings.ts'

/** A server as far as a file may name it. */
export interface NamedServer {
  readonly id: string
  readonly kind: 'embedded' | 'ssh'
  readonly name: string
  readonly host: string
  readonly port: number
  readonly user: string
}

/** Settings that are one value; what hangs on this window alone (its panes) stays here. */
const plain = ['theme', 'terminalFontSize', 'singleKeys', 'notifiesEnds', 'showsTray'] as const
export type PlainSetting = (typeof plain)[number]

const version = 1
const address = z.string().min(1).max(300)
const thisComputer = 'this-computer'

/** Strict all the way down: a file with a field that this Hearth does not know is of another one, and nothing of it is taken. */
const settingsTransfer = z.strictObject({
  kind: z.literal('hearth-settings'),
  version: z.literal(version),
  settings: z.strictObject({
    theme: z.enum(['system', 'light', 'dark']),
    terminalFontSize: z.number().int().min(8).max(32),
    singleKeys: z.boolean(),
    notifiesEnds: z.boolean(),
    showsTray: z.boolean(),
  }),
  /** By the server's address, because another desktop gives a server another id. */
  pins: z.array(z.strictObject({ server: address, appId: z.string().min(1).max(100) })).max(100),
  servers: z.array(z.strictObject({ name: z.string().min(1).max(60), address })).max(500),
})
type SettingsTransfer = z.infer<typeof settingsTransfer>

/** The file's text: names and addresses of servers, without keys, tokens, fingerprints or how anybody logs in. */
export function exportSettings(settings: Settings, servers: readonly NamedServer[]): string {
  const pins = settings.pinnedApps.flatMap(({ serverId, appId }) => {
    const server = servers.find(({ id }) => id === serverId)
    return server ? [{ server: addressOf(server), appId }] : []
  })
  const { theme, terminalFontSize, singleKeys, notifiesEnds, showsTray } = settings
  const transfer: SettingsTransfer = {
    ...{ kind: 'hearth-settings', version, pins },
    settings: { theme, terminalFontSize, singleKeys, notifiesEnds, showsTray },
    servers: servers
      .filter(({ kind }) => kind === 'ssh')
      .map((server) => ({ name: server.name, address: addressOf(server) })),
  }
  return `${JSON.stringify(transfer, null, 2)}\n`
}

/** What an import would do, before it does it. */
export interface ImportPlan {
  readonly settings: { name: PlainSetting; from: Settings[PlainSetting]; to: Settings[PlainSetting] }[]
  /** Apps that would be pinned beside those that are. */
  readonly pins: { serverId: string; appId: string }[]
  readonly renames: { serverId: string; from: string; to: string }[]
  /** Not known here: an import adds none, because the key of each has to be confirmed by somebody. */
  readonly unknownServers: { name: string; address: string }[]
}

/** Throws HearthError `bad_request` where the text is no such file, and then nothing of it is used. */
export function planImport(text: string, settings: Settings, servers: readonly NamedServer[]): ImportPlan {
  const transfer = readTransfer(text)
  const known = new Map(servers.map((server) => [addressOf(server), server]))
  const isPinned = (pin: { serverId: string; appId: string }) =>
    settings.pinnedApps.some(({ serverId, appId }) => serverId === pin.serverId && appId === pin.appId)
  return {
    settings: plain
      .filter((name) => transfer.settings[name] !== settings[name])
      .map((name) => ({ name, from: settings[name], to: transfer.settings[name] })),
    pins: transfer.pins
      .flatMap(({ server, appId }) => {
        const serverId = known.get(server)?.id
        return serverId === undefined ? [] : [{ serverId, appId }]
      })
      .filter((pin) => !isPinned(pin)),
    renames: transfer.servers.flatMap(({ name, address: at }) => {
      const server = known.get(at)
      return server && server.name !== name ? [{ serverId: server.id, from: server.name, to: name }] : []
    }),
    unknownServers: transfer.servers.filter(({ address: at }) => !known.has(at)),
  }
}

/** The part of a plan that settings hold. */
export function updateOf(plan: ImportPlan, settings: Settings): SettingsUpdate {
  const values = Object.fromEntries(plan.settings.map(({ name, to }) => [name, to]))
  return {
    ...values,
    ...(plan.pins.length > 0 && { pinnedApps: [...settings.pinnedApps, ...plan.pins].slice(0, 100) }),
  }
}

/** What an import changes: the settings of this desktop, and the names of servers that it knows. */
export interface ImportTarget {
  readonly settings: Pick<SettingsStore, 'settings' | 'update'>
  readonly servers: Pick<Servers, 'list' | 'rename'>
  readonly changes: Pick<Changes, 'emit'>
}

/** Does what the plan of the same text says, and tells it. */
export async function importSettings(text: string, { settings, servers, changes }: ImportTarget): Promise<ImportPlan> {
  const plan = planImport(text, settings.settings, servers.list())
  await settings.update(updateOf(plan, settings.settings))
  for (const { serverId, to } of plan.renames) await servers.rename(serverId, to)
  changes.emit({ topic: 'settings' })
  return plan
}

function readTransfer(text: string): SettingsTransfer {
  const value = parse(text)
  const found = z.object({ kind: z.literal('hearth-settings'), version: z.number() }).safeParse(value)
  if (!found.success)
    throw new HearthError('bad_request', 'This is no file of Hearth’s settings. Export one, and choose that.')
  if (found.data.version !== version) {
    const advice = 'Update Hearth, or export the file again with this version.'
    throw new HearthError(
      'bad_request',
      `The file has version ${found.data.version}, and this Hearth reads ${version}. ${advice}`,
    )
  }
  const parsed = settingsTransfer.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue?.path.join('.') || 'the whole'
  throw new HearthError(
    'bad_request',
    `The file can’t be used: ${where}: ${issue?.message ?? 'not as expected'}. Nothing was changed.`,
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function addressOf({ kind, user, host, port }: NamedServer): string {
  return kind === 'embedded' ? thisComputer : `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`
}
