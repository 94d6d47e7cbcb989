import { UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import type { SlugWeight as Weight } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import type { Target } from '../../lib/apps/target.ts'
import { countOf, formatBytes } from '../../lib/format.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './releases.module.css'

const words: Record<Weight['kinds'][number]['kind'], string> = {
  code: 'the app itself',
  dependencies: 'dependencies',
  media: 'media, fonts and archives',
  caches: 'caches of tools',
  history: 'history of repositories',
  tests: 'tests and documentation',
  maps: 'source maps',
}

/** Why a release's slug is as big as it is; gone through by the server when it is opened. */
export function SlugWeight({ target, slug }: { target: Target; slug: string }) {
  const [isOpen, { toggle }] = useDisclosure(false)
  return (
    <section className={styles.section}>
      <h3 className={styles.sectionTitle}>
        <UnstyledButton className={styles.sectionToggle} aria-expanded={isOpen} onClick={toggle}>
          {isOpen ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />} What makes the slug big
        </UnstyledButton>
      </h3>
      {isOpen && <Opened target={target} slug={slug} />}
    </section>
  )
}

function Opened({ target, slug }: { target: Target; slug: string }) {
  const { data, error, reload } = useResource('releases.slugWeight', { ...target, slug })
  if (error) return <ErrorNotice error={error} onRetry={reload} />
  if (!data) return <LoadingRows rows={2} height={40} />
  return (
    <>
      <p className={styles.weight}>{describeTotal(data)}</p>
      <ShareBar
        label="What the slug is made of"
        parts={data.kinds.map(({ kind, size }, index) => ({
          name: `${words[kind]}${describeGrowth(data, kind)}`,
          bytes: size,
          color: `--h-series-${index + 1}`,
        }))}
      />
      <div className={styles.weighed}>
        <Sizes
          title="Folders"
          rows={data.folders.map(({ path, size, files }) => [path, size, countOf(files, 'file')])}
        />
        <Sizes title="Biggest files" rows={data.biggest.map(({ path, size }) => [path, size, ''])} />
        {data.layers.length > 0 && (
          <Sizes
            title="Below it, once for the server"
            rows={data.layers.map(({ provider, size, apps }) => [provider, size, countOf(apps, 'app')])}
          />
        )}
      </div>
      {data.hints.length > 0 && <Hints hints={data.hints} />}
    </>
  )
}

function describeTotal({ size, files, archive_size, previous }: Weight): string {
  const packed = archive_size === null ? '' : `, ${formatBytes(archive_size)} packed`
  const change = previous === null ? '' : `; ${describeChange(size - previous.size)} the slug before it`
  return `${formatBytes(size)} in ${countOf(files, 'file')}${packed}${change}`
}

function describeChange(bytes: number): string {
  if (bytes === 0) return 'as big as'
  return `${formatBytes(Math.abs(bytes))} ${bytes > 0 ? 'more' : 'less'} than`
}

/** ` (+7.9 MB)`, against the slug before. */
function describeGrowth({ kinds, previous }: Weight, kind: string): string {
  if (previous === null) return ''
  const sizeIn = (all: Weight['kinds']) => all.find((one) => one.kind === kind)?.size ?? 0
  const growth = sizeIn(kinds) - sizeIn(previous.kinds)
  return growth === 0 ? '' : ` (${growth > 0 ? '+' : '−'}${formatBytes(Math.abs(growth))})`
}

function Sizes({ title, rows }: { title: string; rows: [name: string, size: number | null, note: string][] }) {
  return (
    <div>
      <h4>{title}</h4>
      <ul>
        {rows.map(([name, size, note]) => (
          <li key={name}>
            <span className="mono truncate" title={name}>
              {name}
            </span>
            {note && <span className="dim num">{note}</span>}
            <span className="num">{size === null ? '' : formatBytes(size)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Hints({ hints }: { hints: Weight['hints'] }) {
  return (
    <ul className={styles.hints} aria-label="What would make it smaller">
      {hints.map(({ text, size, slugignore }) => (
        <li key={text}>
          <b className="num">{formatBytes(size)}</b> {text}
          {slugignore.length > 0 && (
            <>
              {' '}
              Lines for .slugignore: <code className="mono">{slugignore.join('  ')}</code>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}
