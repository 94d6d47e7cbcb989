import { HearthError } from '../../../agent/contract/errors.ts'
import type { Changes } from '../../core/changes.ts'
import { samples } from '../../core/deploy/folders.ts'
import type { KeyStore } from '../../core/ledger/key-store.ts'
import type { SystemSsh } from '../../core/ports/transport.ts'
import type { SettingsStore } from '../../core/settings.ts'
import type { CallAnswers } from '../answers.ts'
import type { Presentation, ShellEvent } from '../contract-shell.ts'

/** What the shell that presents the core can do; a browser tab has no native dialogs, menu or tray. */
export interface ShellDoor {
  readonly kind: 'electron' | 'browser'
  chooseFolder(): Promise<string | null>
  openLink(url: string): Promise<void>
  present(presentation: Presentation): Promise<void>
  /** What happened before anybody listened comes at once. Returns what ends it. */
  onEvent(listener: (event: ShellEvent) => void): () => void
}

export interface DesktopTopicOptions {
  readonly version: string
  readonly shell: ShellDoor
  readonly publicKey: string
  readonly previousEnd: string | null
  readonly keys: KeyStore
  readonly settings: SettingsStore
  readonly changes: Changes
  /** Host names of the user's ssh configuration, and paths of private keys, to pick from. */
  readonly ssh: () => Promise<{ hosts: string[]; keys: string[] }>
  readonly systemSsh: SystemSsh
}

type Names =
  | 'desktop.about'
  | 'desktop.sshHost'
  | 'settings.get'
  | 'settings.update'
  | 'keys.unlock'
  | 'dialogs.chooseFolder'
  | 'links.open'

export function answerDesktop(options: DesktopTopicOptions): Pick<CallAnswers, Names> {
  const { shell, keys, settings, changes } = options
  const keyStore = () => ({ kind: keys.kind, locked: keys.isLocked, description: keys.description })
  return {
    async 'desktop.about'() {
      const { hosts, keys: sshKeys } = await options.ssh()
      return {
        version: options.version,
        shell: shell.kind,
        platform: process.platform,
        keyStore: keyStore(),
        samples: [...samples],
        sshHosts: hosts,
        sshKeys,
        publicKey: options.publicKey,
        previousEnd: options.previousEnd,
        hasSystemSsh: await options.systemSsh.isAvailable(),
      }
    },
    'desktop.sshHost': ({ host }) => options.systemSsh.describeHost(host),
    'settings.get': () => settings.settings,
    async 'settings.update'(update) {
      const updated = await settings.update(update)
      changes.emit({ topic: 'settings' })
      return updated
    },
    async 'keys.unlock'({ passphrase }) {
      await keys.unlock(passphrase)
      return keyStore()
    },
    async 'dialogs.chooseFolder'() {
      const path = await shell.chooseFolder()
      return path === null ? null : { path }
    },
    async 'links.open'({ url }) {
      if (!/^https?:\/\//.test(url)) {
        throw new HearthError('bad_request', `Hearth opens web links only, and ${url.slice(0, 100)} is none.`)
      }
      await shell.openLink(url)
      return {}
    },
  }
}
