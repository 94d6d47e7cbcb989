import { Progress } from '@mantine/core'
import type { ReactNode } from 'react'
import type { CallResult } from '../../../electron/bridge/contract.ts'
import { Ago } from '../../components/ago.tsx'
import { DynoName } from '../../components/dyno-name.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { RouteLink } from '../../components/route-link.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { countOf, formatBytes } from '../../lib/format.ts'
import { formatFigure } from '../../lib/metrics/figure.ts'
import { describeDyno } from '../../lib/status.ts'
import styles from './server.module.css'
import { useRate } from './use-rate.ts'

type Status = CallResult<'servers.status'>

export function ServerStats({ status }: { status: Status }) {
  const { memory, disk, cpu, requests, builds } = status
  const rate = useRate({ total: requests.total, at: status.at })
  const usedMemory = memory.total_bytes - memory.available_bytes
  const usedDisk = disk.total_bytes - disk.free_bytes
  return (
    <div className={styles.stats}>
      <Stat
        title="Memory"
        share={usedMemory / memory.total_bytes}
        note={`${formatBytes(memory.available_bytes)} available`}
      >
        {formatBytes(usedMemory)} <small>of {formatBytes(memory.total_bytes)}</small>
      </Stat>
      <Stat
        title="Disk"
        share={usedDisk / disk.total_bytes}
        note={`${formatBytes(disk.free_bytes)} free, ${formatBytes(disk.reserve_bytes)} kept in reserve`}
      >
        {formatBytes(usedDisk)} <small>of {formatBytes(disk.total_bytes)}</small>
      </Stat>
      <Stat title="Load" share={cpu.load_1m / cpu.cores} note="over the last minute">
        {cpu.load_1m.toFixed(2)} <small>on {countOf(cpu.cores, 'core')}</small>
      </Stat>
      <Stat
        title="Requests"
        note={`${requests.total.toLocaleString('en')} served, ${requests.in_flight} under way, ${describeBuilds(builds)}`}
      >
        {rate === null ? '…' : formatFigure('rate', rate).replace('/s', '')} <small>a second</small>
      </Stat>
    </div>
  )
}

const describeBuilds = ({ running, queued }: Status['builds']) =>
  running + queued === 0 ? 'no builds' : `${countOf(running, 'build')}${queued > 0 ? `, ${queued} queued` : ''}`

interface StatProps {
  title: string
  note: string
  share?: number
  children: ReactNode
}

function Stat({ title, note, share, children }: StatProps) {
  return (
    <section className={styles.stat} aria-label={title}>
      <h2>{title}</h2>
      <div className={`${styles.figure} num`}>{children}</div>
      {share !== undefined && (
        <Progress
          size={4}
          value={Math.min(100, share * 100)}
          color={share > 0.9 ? 'red' : 'ember'}
          aria-label={`${title} used`}
        />
      )}
      <div className={`${styles.note} num`}>{note}</div>
    </section>
  )
}

export function ServerDynos({ serverId, status }: { serverId: string; status: Status }) {
  return (
    <Panel title="Dynos" hint={countOf(status.dynos.length, 'dyno')} isFlush>
      {status.dynos.length === 0 && (
        <p className="dim" style={{ margin: 0, padding: 14 }}>
          None runs here now.
        </p>
      )}
      <ul className={styles.list} aria-label="Dynos of this server">
        {status.dynos.map((dyno) => (
          <li key={`${dyno.app.id} ${dyno.name}`} className={styles.dyno}>
            <span className={styles.dynoName}>
              <RouteLink
                to={{ screen: 'app', serverId, app: dyno.app.name, tab: 'overview' }}
                className="truncate"
                title={dyno.app.name}
              >
                {dyno.app.name}
              </RouteLink>
              <span className={`${styles.of} dim`}>
                <DynoName name={dyno.name} />
              </span>
            </span>
            <StatusMark {...describeDyno(dyno.state)} showLabel />
            <span className="dim num">{dyno.memory_bytes === null ? '' : formatBytes(dyno.memory_bytes)}</span>
            <span className="dim num">
              {dyno.cpu_seconds === null ? '' : `${dyno.cpu_seconds.toFixed(1)} s of CPU`}
            </span>
            <span className="dim" style={{ textAlign: 'right' }}>
              <Ago at={dyno.since} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
