import { Button } from '@mantine/core'
import { useState } from 'react'
import type { CallResult } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'
import { saveFile } from '../../lib/files/save-file.ts'
import { formatBytes } from '../../lib/format.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import styles from './diagnostics-panel.module.css'
import { diagnosticsWords } from './words.ts'

type Diagnostics = CallResult<'diagnostics.collect'>

/** What helps somebody else to find out what is wrong: looked at first, then saved, and never sent. */
export function DiagnosticsPanel() {
  const [shown, setShown] = useState<Diagnostics | null>(null)
  const collect = useAction(async () => setShown(await bridge().call('diagnostics.collect', {})))
  const save = useAction(async (id: string) => {
    const { name, base64 } = await bridge().call('diagnostics.pack', { id })
    saveFile(name, decode(base64))
  })
  return (
    <Panel title={diagnosticsWords.title} isFlush>
      <SettingRow title={diagnosticsWords.when} hint={diagnosticsWords.hint} failure={collect}>
        <Button variant="default" loading={collect.isRunning} onClick={() => void collect.run()}>
          {shown ? diagnosticsWords.gatherAgain : diagnosticsWords.gather}
        </Button>
      </SettingRow>
      {shown && (
        <section className={styles.files} aria-label={diagnosticsWords.files}>
          <ul className={styles.list}>
            {shown.files.map(({ name, text }) => (
              <li key={name}>
                <details>
                  <summary>
                    <span className="mono">{name}</span>
                    <span className="dim num">{formatBytes(new TextEncoder().encode(text).length)}</span>
                  </summary>
                  {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys. */}
                  <pre className={styles.text} tabIndex={0}>
                    {text || diagnosticsWords.nothing}
                  </pre>
                </details>
              </li>
            ))}
          </ul>
          <div className={styles.foot}>
            <span className="dim">{diagnosticsWords.inOne(shown.files.length)}</span>
            <Button loading={save.isRunning} onClick={() => void save.run(shown.id)}>
              {diagnosticsWords.save}
            </Button>
          </div>
          <ErrorNotice error={save.error} onClose={save.clearError} />
        </section>
      )}
    </Panel>
  )
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
}
