import { IconAlertTriangle } from '@tabler/icons-react'
import type { DeployPreview } from '../../../electron/bridge/contract.ts'
import type { Target } from '../../lib/apps/target.ts'
import { countOf, formatBytes } from '../../lib/format.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './deploy.module.css'

/** What a deploy would send and what it would make of it. An app that is there may name its own buildpacks. */
export function PreviewDetails({ preview, target }: { preview: DeployPreview; target?: Target | undefined }) {
  const processTypes = Object.entries(preview.processTypes)
  const fits = preview.asked?.references.join(', ') ?? preview.buildpack
  return (
    <>
      <dl className={styles.stats}>
        <Stat term="Language">
          {preview.language ?? 'not recognised'}
          {preview.recognisedBy.length > 0 && <span className="dim"> by {preview.recognisedBy.join(', ')}</span>}
        </Stat>
        <Stat term={preview.asked ? `Buildpacks, by ${preview.asked.file}` : 'Buildpack'}>
          {target ? <AppBuildpacks target={target} fits={fits} /> : (fits ?? noneFits)}
        </Stat>
        <Stat term="Travels">
          {countOf(preview.files, 'file')}, {formatBytes(preview.totalBytes)}
        </Stat>
      </dl>
      <div className={styles.details}>
        <Detail title="Process types" empty="None declared: the language’s default is used.">
          {processTypes.map(([type, command]) => (
            <li key={type}>
              <span className="truncate" title={command}>
                <b>{type}</b> <span className="mono dim">{command}</span>
              </span>
            </li>
          ))}
        </Detail>
        <Detail title="Biggest files" empty="No files.">
          {preview.biggest.slice(0, 5).map((file) => (
            <li key={file.path}>
              <span className="truncate" title={file.path}>
                {file.path}
              </span>
              <span className="num dim">{formatBytes(file.sizeBytes)}</span>
            </li>
          ))}
        </Detail>
        <Detail title="Left out" empty="Nothing.">
          {preview.leftOut.slice(0, 5).map((entry) => (
            <li key={entry.path}>
              <span className="truncate" title={`${entry.path}: ${entry.reason}`}>
                {entry.path} <span className="dim">{entry.reason}</span>
              </span>
            </li>
          ))}
          {preview.leftOut.length > 5 && <li className="dim">and {preview.leftOut.length - 5} more</li>}
        </Detail>
      </div>
      {preview.warnings.map((warning) => (
        <div key={warning} className={styles.warning}>
          <IconAlertTriangle size={15} aria-hidden="true" />
          <span>{warning}</span>
        </div>
      ))}
    </>
  )
}

const noneFits = 'none fits'

function AppBuildpacks({ target, fits }: { target: Target; fits: string | null }) {
  const own = useResource('buildpacks.list', target).data ?? []
  return <>{own.map(({ buildpack }) => buildpack.url).join(', ') || (fits ?? noneFits)}</>
}

function Stat({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className={styles.stat}>
      <dt>{term}</dt>
      <dd className="num truncate">{children}</dd>
    </div>
  )
}

function Detail({ title, empty, children }: { title: string; empty: string; children: React.ReactNode }) {
  const isEmpty = Array.isArray(children) ? children.flat().filter(Boolean).length === 0 : !children
  return (
    <div className={styles.detail}>
      <h3>{title}</h3>
      {isEmpty ? <span className="dim">{empty}</span> : <ul className={styles.lines}>{children}</ul>}
    </div>
  )
}
