import type { Deploy } from '../../../electron/bridge/contract.ts'
import { countOf, formatBytes } from '../../lib/format.ts'
import { useSentPreviews } from '../../stores/sent-previews.ts'
import styles from './deploy.module.css'
import { PreviewDetails } from './preview-details.tsx'

/** The preview of a deploy stays with it: whoever did not stop to read it reads it here. */
export function SentDetails({ deploy: { id, state } }: { deploy: Deploy }) {
  const preview = useSentPreviews((all) => all[id])
  if (!preview) return null
  const { language, files, totalBytes } = preview
  return (
    <details className={styles.sent}>
      <summary>
        What {state === 'running' ? 'is' : 'was'} sent:{' '}
        <span className="dim num">
          {[language, countOf(files, 'file'), formatBytes(totalBytes)].filter(Boolean).join(', ')}
        </span>
      </summary>
      <PreviewDetails preview={preview} />
    </details>
  )
}
