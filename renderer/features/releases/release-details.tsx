import { Fragment } from 'react'
import type { LedgerRelease } from '../../../electron/bridge/contract.ts'
import { formatMoment } from '../../lib/format.ts'
import type { Target } from '../../lib/target.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './releases.module.css'

const sources: Record<NonNullable<LedgerRelease['source']>['kind'], string> = {
  git: 'git push',
  folder: 'a folder, sent by a desktop',
  archive: 'an archive, sent through the API',
}

/** What a release holds, and which config vars came or went with it: names only, never values. */
export function ReleaseDetails({ target, release }: { target: Target; release: LedgerRelease }) {
  const { version } = release
  const now = useResource('releases.configVarNames', { ...target, version })
  const before = useResource('releases.configVarNames', { ...target, version: Math.max(1, version - 1) })
  return (
    <dl className={styles.details}>
      <dt>Made</dt>
      <dd>{formatMoment(release.createdAt)}</dd>
      <dt>Config vars</dt>
      <dd>
        {now.error?.message}
        {now.data && before.data && <Names now={now.data} before={version > 1 ? before.data : []} />}
      </dd>
      {release.source && (
        <>
          <dt>Source</dt>
          <dd>{sources[release.source.kind]}</dd>
        </>
      )}
      {release.commit && (
        <>
          <dt>Commit</dt>
          <dd className="mono">{release.commit}</dd>
        </>
      )}
      {release.slugChecksum && (
        <>
          <dt>Slug</dt>
          <dd className="mono">{release.slugChecksum}</dd>
        </>
      )}
      {release.release?.slug && <BuildReports target={target} slug={release.release.slug.id} />}
      {release.hash && (
        <>
          <dt>Link</dt>
          <dd className="mono">{release.hash}</dd>
        </>
      )}
    </dl>
  )
}

/** What each buildpack's bin/report said; nothing while the server can't be asked. */
function BuildReports({ target, slug }: { target: Target; slug: string }) {
  const { data } = useResource('releases.buildReports', { ...target, slug })
  return data?.map(({ buildpack, facts }) => (
    <Fragment key={buildpack.url}>
      <dt>Build</dt>
      <dd className={styles.facts}>
        <span className="mono dim">{buildpack.url}</span>
        {Object.entries(facts).map(([name, value]) => (
          <span key={name} className="mono">
            {name}: {value}
          </span>
        ))}
      </dd>
    </Fragment>
  ))
}

function Names({ now, before }: { now: string[]; before: string[] }) {
  const added = now.filter((name) => !before.includes(name))
  const removed = before.filter((name) => !now.includes(name))
  const kept = now.filter((name) => before.includes(name))
  return (
    <span className="mono">
      {added.map((name) => (
        <span key={name} className={styles.added}>
          +{name}{' '}
        </span>
      ))}
      {removed.map((name) => (
        <span key={name} className={styles.removed}>
          −{name}{' '}
        </span>
      ))}
      <span className="dim">{kept.length > 0 ? kept.join(' ') : added.length === 0 ? 'none' : ''}</span>
    </span>
  )
}
