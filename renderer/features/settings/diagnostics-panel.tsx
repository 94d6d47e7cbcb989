import { Button } from '@mantine/core'
import { useState } from 'react'
import type { CallResult } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Panel } from '../../components/panel.tsx'
import { SettingRow } from '../../components/setting-row.tsx'
import { countOf, formatBytes } from '../../lib/format.ts'
import { saveFile } from '../../lib/save-file.ts'
import { useAction } from '../../lib/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import styles from './diagnostics-panel.module.css'

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
    <Panel title="Diagnostics" isFlush>
      <SettingRow
        title="When something is wrong"
        hint="Gathers versions, settings, logs and the health of your servers, without secrets. You read it before you save it; nothing is sent."
        failure={collect}
      >
        <Button variant="default" loading={collect.isRunning} onClick={() => void collect.run()}>
          {shown ? 'Gather again' : 'Gather'}
        </Button>
      </SettingRow>
      {shown && (
        <section className={styles.files} aria-label="Files of the diagnostics">
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
                    {text || 'Nothing.'}
                  </pre>
                </details>
              </li>
            ))}
          </ul>
          <div className={styles.foot}>
            <span className="dim">{countOf(shown.files.length, 'file')} in one tar.gz</span>
            <Button loading={save.isRunning} onClick={() => void save.run(shown.id)}>
              Save
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
