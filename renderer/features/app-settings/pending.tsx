import type { AppSummary, ErrorEnvelope } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import styles from './app-settings.module.css'

interface PendingProps {
  summary: AppSummary
  /** What a panel shows, as far as it is known. */
  of: { data: unknown; error: ErrorEnvelope | null; reload: () => void }
  /** About as many rows as there will be, and as high. */
  rows: number
  height?: number
}

/** What stands in a panel until its settings are known: that the server is away is no error of theirs, and said once above all. */
export function Pending({ summary, of: { data, error, reload }, rows, height = 26 }: PendingProps) {
  if (data !== undefined) return null
  if (!summary.online)
    return <div className={`${styles.row} dim`}>Kept on the server, and here again when it is connected.</div>
  return error ? <ErrorNotice error={error} onRetry={reload} isInset /> : <LoadingRows rows={rows} height={height} />
}
