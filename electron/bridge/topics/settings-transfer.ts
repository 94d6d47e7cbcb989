import type { Changes } from '../../core/changes.ts'
import type { Servers } from '../../core/servers/servers.ts'
import type { SettingsStore } from '../../core/settings.ts'
import { exportSettings, planImport, updateOf } from '../../core/settings-transfer.ts'
import type { CallAnswers } from '../answers.ts'

export interface SettingsTransferOptions {
  readonly settings: SettingsStore
  readonly servers: Pick<Servers, 'list' | 'rename'>
  readonly changes: Changes
}

type Names = 'settings.export' | 'settings.planImport' | 'settings.import'

export function answerSettingsTransfer(options: SettingsTransferOptions): Pick<CallAnswers, Names> {
  const { settings, servers, changes } = options
  const plan = (text: string) => planImport(text, settings.settings, servers.list())
  return {
    'settings.export': () => ({
      name: 'hearth-settings.json',
      text: exportSettings(settings.settings, servers.list()),
    }),
    'settings.planImport': ({ text }) => plan(text),
    async 'settings.import'({ text }) {
      const planned = plan(text)
      await settings.update(updateOf(planned, settings.settings))
      for (const { serverId, to } of planned.renames) await servers.rename(serverId, to)
      changes.emit({ topic: 'settings' })
      return planned
    },
  }
}
