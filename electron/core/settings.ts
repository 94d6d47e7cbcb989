import { z } from 'zod'
import { readJsonFile, writeJsonFile } from './json-file.ts'

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
  readonly #path: string
  #values: SettingsFile
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, values: SettingsFile) {
    this.#path = path
    this.#values = values
  }

  static async open(path: string, warn: (message: string) => void): Promise<SettingsStore> {
    const { value, warning } = await readJsonFile(path, settingsFile)
    if (warning) warn(warning)
    return new SettingsStore(path, value ?? settingsFile.parse({}))
  }

  get settings(): Settings {
    const { gatewayPort: _, ...chosen } = this.#values
    return chosen
  }

  get gatewayPort(): number | null {
    return this.#values.gatewayPort
  }

  async update(update: SettingsUpdate): Promise<Settings> {
    const given = Object.entries(update).filter(([name, value]) => value !== undefined && name in this.settings)
    await this.#write(Object.fromEntries(given))
    return this.settings
  }

  async rememberGatewayPort(port: number): Promise<void> {
    if (port !== this.#values.gatewayPort) await this.#write({ gatewayPort: port })
  }

  /** One after the other: the last update is what the file ends with. */
  #write(change: Partial<SettingsFile>): Promise<void> {
    this.#values = { ...this.#values, ...change }
    this.#writing = this.#writing.catch(() => {}).then(() => writeJsonFile(this.#path, this.#values))
    return this.#writing
  }
}
