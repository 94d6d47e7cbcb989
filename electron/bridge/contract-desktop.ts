import { z } from 'zod'
import { eventTopic, operationStep } from '../../agent/contract/event.ts'
import { logFilter } from './contract-apps.ts'
import { call, stream } from './define.ts'

/** Something changed; whoever shows the topic fetches it again. One JSON a line on the `changes` stream. */
export const change = z.strictObject({
  topic: z.union([eventTopic, z.enum(['servers', 'deploys', 'ledger', 'settings'])]),
  serverId: z.string().nullable(),
  appId: z.string().nullable(),
  step: operationStep.nullable(),
})
export type Change = z.infer<typeof change>

/** One of an app's panes side by side; their shares of the width add up to one. */
const pane = z.strictObject({
  /** Its own within the row. */
  id: z.string().min(1).max(10),
  kind: z.enum(['log', 'terminal']),
  share: z.number().min(0).max(1),
})

export const settings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  terminalFontSize: z.number().int().min(8).max(32),
  /** Shortcuts that are a key alone, without Ctrl: `?`, `g l`. */
  singleKeys: z.boolean(),
  /** Long work that ends while the window is not looked at is told by the system's notifications. */
  notifiesEnds: z.boolean(),
  /** A sign beside the clock with the deploys that run; where the shell has none it changes nothing. */
  showsTray: z.boolean(),
  /** Shown first in the sidebar, in this order. One that is gone stays here, in case its server is only away. */
  pinnedApps: z.array(z.strictObject({ serverId: z.string(), appId: z.string() })).max(100),
  /** The panes of an app's log and terminal screens where they are not just one, from left to right. */
  paneRows: z
    .array(
      z.strictObject({
        serverId: z.string(),
        appId: z.string(),
        screen: z.enum(['log', 'terminal']),
        panes: z.array(pane).min(1).max(4),
      }),
    )
    .max(100),
})
export type Settings = z.infer<typeof settings>

/** Where secrets of the ledger are kept, said honestly. */
export const keyStore = z.strictObject({
  kind: z.enum(['operating-system', 'passphrase', 'file']),
  locked: z.boolean(),
  /** A sentence for the settings screen. */
  description: z.string(),
})
export type KeyStoreState = z.infer<typeof keyStore>

const terminal = { terminalId: z.string().min(1) }
const size = { columns: z.number().int().min(1).max(1000), rows: z.number().int().min(1).max(1000) }

export const calls = {
  'desktop.about': call(
    z.strictObject({}),
    z.strictObject({
      version: z.string(),
      shell: z.enum(['electron', 'browser']),
      platform: z.string(),
      keyStore,
      /** The samples that ship with Hearth. */
      samples: z.array(z.strictObject({ name: z.string(), title: z.string(), description: z.string() })),
      /** The user's public keys and ssh configuration hosts, to pick from in the wizard. */
      sshHosts: z.array(z.string()),
      sshKeys: z.array(z.string()),
      /** This desktop's own public key, for whoever lets it in. */
      publicKey: z.string(),
      /** How the core before this one ended, when that was not on purpose: `status 139`; null in a browser tab. */
      previousEnd: z.string().nullable(),
      /** This computer has an ssh program that can carry a connection. */
      hasSystemSsh: z.boolean(),
    }),
  ),
  /** User and port that ~/.ssh/config has for one of its hosts; null when it has no word on it. */
  'desktop.sshHost': call(
    z.strictObject({ host: z.string().min(1) }),
    z.strictObject({ user: z.string(), port: z.number().int() }).nullable(),
  ),
  'settings.get': call(z.strictObject({}), settings),
  'settings.update': call(settings.partial(), settings),
  'keys.unlock': call(z.strictObject({ passphrase: z.string().min(8) }), keyStore),
  /** Native folder dialog; null when cancelled or in the browser shell. */
  'dialogs.chooseFolder': call(z.strictObject({}), z.strictObject({ path: z.string() }).nullable()),
  /** Opens an http(s) URL in the user's browser. */
  'links.open': call(z.strictObject({ url: z.string() }), z.strictObject({})),
  'terminals.resize': call(z.strictObject({ ...terminal, ...size }), z.strictObject({})),
} as const

export const streams = {
  /** Bytes are Changes, one JSON a line, until cancelled. */
  changes: stream(z.strictObject({}), z.strictObject({})),
  /** Rendered lines: `2026-11-21T03:45:12.123456+00:00 app[web.1]: text`. */
  'logs.follow': stream(z.strictObject({ serverId: z.string(), app: z.string(), ...logFilter }), z.strictObject({})),
  /**
   * A one-off dyno's terminal, or with `inside` one in a dyno that runs; `terminalId` is the renderer's choice and names it in
   * `terminals.resize`.
   */
  'terminals.open': stream(
    z.strictObject({
      serverId: z.string(),
      app: z.string(),
      command: z.string().min(1),
      size: z.string().optional(),
      /** A dyno's name. */
      inside: z.string().optional(),
      ...terminal,
      columns: size.columns,
      rows: size.rows,
    }),
    z.strictObject({ exitCode: z.number().int() }),
  ),
} as const
