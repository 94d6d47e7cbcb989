import { randomUUID } from 'node:crypto'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { DiagnosticFile } from '../../core/diagnostics/diagnostics.ts'
import { nameDiagnostics, packDiagnostics } from '../../core/diagnostics/pack-diagnostics.ts'
import type { CallAnswers } from '../answers.ts'

type Names = Extract<keyof CallAnswers, `diagnostics.${string}`>

export function answerDiagnostics(collect: () => Promise<DiagnosticFile[]>): Pick<CallAnswers, Names> {
  // What was looked at is what is saved.
  let shown: { id: string; files: DiagnosticFile[] } | null = null
  return {
    async 'diagnostics.collect'() {
      shown = { id: randomUUID(), files: await collect() }
      return shown
    },
    async 'diagnostics.pack'({ id }) {
      if (shown?.id !== id) throw new HearthError('gone', 'These files are no longer there. Gather them again.')
      const name = nameDiagnostics(new Date())
      const archive = await packDiagnostics(shown.files, name)
      return { name: `${name}.tar.gz`, base64: archive.toString('base64') }
    },
  }
}
