import { z } from 'zod'
import { StateFile } from './state-file.ts'

const settingsFile = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  terminalFontSize: z.number().int().min(8).max(32).default(13),
  singleKeys: z.boolean().default(true),
  notifiesEnds: z.boolean().default(true),
  showsTray: z.boolean().default(false),
  pinnedApps: z.array(z.object({ serverId: z.string(), appId: z.string() })).default([]),
  /** By the bridge's contract; one that can't be read is forgotten. */
  paneRows: z
    .array(
      z.object({
        serverId: z.string(),
        appId: z.string(),
        screen: z.enum(['log', 'terminal']),
        panes: z.array(z.object({ id: z.string(), kind: z.enum(['log', 'terminal']), share: z.number() })).min(1),
      }),
    )
    .default([])
    .catch([]),
  /** Where the gateway listened last: bookmarks of apps keep working. */
  gatewayPort: z.number().int().min(1).max(65_535).nullable().default(null),
})
type SettingsFile = z.output<typeof settingsFile>

/** What the user chose, as the settings screen shows it. */
export type Settings = Omit<SettingsFile, 'gatewayPort'>
export type SettingsUpdate = { [key in keyof Settings]?: Settings[key] | undefined }

/** The desktop's settings and what it remembers of itself, in one file. */
export class SettingsStore {
  readonly #file: StateFile<SettingsFile>

  private constructor(file: StateFile<SettingsFile>) {
    this.#file = file
  }

  static async open(path: string, warn: (message: string) => void): Promise<SettingsStore> {
    return new SettingsStore(await StateFile.open({ path, schema: settingsFile, empty: settingsFile.parse({}), warn }))
  }

  get settings(): Settings {
    const { gatewayPort: _, ...chosen } = this.#file.value
    return chosen
  }

  get gatewayPort(): number | null {
    return this.#file.value.gatewayPort
  }

  async update(update: SettingsUpdate): Promise<Settings> {
    const given = Object.entries(update).filter(([name, value]) => value !== undefined && name in this.settings)
    await this.#set(Object.fromEntries(given))
    return this.settings
  }

  async rememberGatewayPort(port: number): Promise<void> {
    if (port !== this.gatewayPort) await this.#set({ gatewayPort: port })
  }

  /** Tells when another process, the command line say, has changed them. */
  follow(signal: AbortSignal, onNews: () => void): void {
    this.#file.follow(signal, onNews)
  }

  #set(change: Partial<SettingsFile>): Promise<void> {
    return this.#file.change((values) => ({ ...values, ...change }))
  }
}
