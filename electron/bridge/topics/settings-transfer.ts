import { exportSettings, type ImportTarget, importSettings, planImport } from '../../core/settings-transfer.ts'
import type { CallAnswers } from '../answers.ts'

type Names = 'settings.export' | 'settings.planImport' | 'settings.import'

export function answerSettingsTransfer(target: ImportTarget): Pick<CallAnswers, Names> {
  const { settings, servers } = target
  return {
    'settings.export': () => ({
      name: 'hearth-settings.json',
      text: exportSettings(settings.settings, servers.list()),
    }),
    'settings.planImport': ({ text }) => planImport(text, settings.settings, servers.list()),
    'settings.import': ({ text }) => importSettings(text, target),
  }
}
