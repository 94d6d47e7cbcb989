import type { BridgeDomain } from '../../../electron/bridge/contract.ts'
import { CopyButton } from '../../components/actions/copy-button.tsx'
import styles from './app-settings.module.css'

/** What the DNS should say of a domain beside what it says, as whoever manages the zone has to type it. */
export function DnsRecords({ dns: { expected, found } }: { dns: NonNullable<BridgeDomain['dns']> }) {
  if (expected.length === 0) return null
  return (
    <dl className={styles.records}>
      <dt>{expected.length === 1 ? 'Should say' : 'Should say one of'}</dt>
      {expected.map((record) => (
        <dd key={record}>
          <code>{record}</code>
          <CopyButton text={textOf(record)} label={`Copy ${textOf(record)}`} />
        </dd>
      ))}
      <dt>Says</dt>
      {found.length === 0 && <dd className="dim">nothing that could be found</dd>}
      {found.map((record) => (
        <dd key={record}>
          <code>{record}</code>
        </dd>
      ))}
    </dl>
  )
}

/** Of `www.example.com A 203.0.113.5` what goes into the form of most providers: the last part. */
const textOf = (record: string): string => record.slice(record.lastIndexOf(' ') + 1)
