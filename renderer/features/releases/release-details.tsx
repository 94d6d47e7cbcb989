import { Fragment } from 'react'
import type { LedgerRelease } from '../../../electron/bridge/contract.ts'
import type { Target } from '../../lib/apps/target.ts'
import { formatMoment } from '../../lib/format.ts'
import { useResource } from '../../stores/resources.ts'
import { CompareRelease } from './compare-release.tsx'
import { ReleaseNotes } from './release-notes.tsx'
import styles from './releases.module.css'
import { SlugWeight } from './slug-weight.tsx'

const sources: Record<NonNullable<LedgerRelease['source']>['kind'], string> = {
  git: 'git push',
  folder: 'a folder, sent by a desktop',
  archive: 'an archive, sent through the API',
  image: 'an image of a registry',
}

interface ReleaseDetailsProps {
  target: Target
  release: LedgerRelease
  /** The app's other releases, newest first. */
  others: number[]
}

/** What a release holds, and in what it differs from another one. */
export function ReleaseDetails({ target, release, others }: ReleaseDetailsProps) {
  return (
    <div className={styles.details}>
      <Facts target={target} release={release} />
      {release.release?.slug && <SlugWeight target={target} slug={release.release.slug.id} />}
      <ReleaseNotes release={release} />
      {others.length > 0 && <CompareRelease target={target} version={release.version} others={others} />}
    </div>
  )
}

function Facts({ target, release }: { target: Target; release: LedgerRelease }) {
  return (
    <dl className={styles.facts}>
      <dt>Made</dt>
      <dd>{formatMoment(release.createdAt)}</dd>
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
      <dd className={styles.report}>
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
