import { ActionIcon, Badge, Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronDown, IconChevronRight, IconGitCommit, IconNote } from '@tabler/icons-react'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { releaseCommands } from '../../commands/places/release-commands.ts'
import type { Subjects } from '../../commands/subject.ts'
import { useCommand } from '../../commands/use-command.ts'
import { Guarded } from '../../components/actions/guarded.tsx'
import { Ago } from '../../components/ago.tsx'
import { VerifiedMark } from '../../components/release/verified-mark.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { ReleaseDetails } from './release-details.tsx'
import styles from './releases.module.css'

interface ReleaseItemProps {
  subject: Subjects['release']
  isCurrent: boolean
  /** A rollback is under way. */
  isBusy: boolean
  onRollBack: () => void
}

export function ReleaseItem({ subject, isCurrent, isBusy, onRollBack }: ReleaseItemProps) {
  const { summary, release, releases } = subject
  const rollBack = useCommand(releaseCommands['roll-back'], subject)
  const obstacle = rollBack.obstacle ?? (isBusy ? 'A rollback is under way.' : null)
  const [isOpen, { toggle }] = useDisclosure(false)
  const status = release.release?.status
  const { reason, rollbackObstacle } = release
  return (
    <li
      className={styles.item}
      data-current={isCurrent || undefined}
      data-failed={status === 'failed' || undefined}
      {...rightClick('release', subject)}
    >
      <span className={`${styles.version} num`}>v{release.version}</span>
      <span className={styles.rail} aria-hidden="true">
        <span className={styles.knot} />
      </span>
      <div className={styles.text}>
        <div className={styles.title}>
          <span className="truncate" title={release.description}>
            {release.description}
            {release.source?.description && <span className={styles.subject}> {release.source.description}</span>}
          </span>
          {isCurrent && <Badge>current</Badge>}
          {status === 'failed' && <Badge color="red">failed</Badge>}
          {status === 'pending' && <Badge color="gray">pending</Badge>}
        </div>
        <div className={styles.meta}>
          <span>{release.user}</span>
          <Ago at={release.createdAt} />
          {release.source?.kind === 'git' && (
            <span className={styles.source}>
              <IconGitCommit size={14} aria-hidden="true" /> git push
            </span>
          )}
          {release.commit && <span className="mono">{release.commit.slice(0, 10)}</span>}
          <VerifiedMark isVerified={release.verified} />
        </div>
        {!isOpen && release.notes.length > 0 && (
          <p className={`${styles.note} truncate`} title={release.notes.map(({ text }) => text).join('\n')}>
            <IconNote size={14} aria-label="Note:" /> {release.notes.at(-1)?.text}
          </p>
        )}
        {reason && (
          <p className={styles.reason} data-whole={isOpen || undefined}>
            {reason}
          </p>
        )}
      </div>
      <div className={styles.actions}>
        {!isCurrent && release.release && !rollbackObstacle && (
          <Guarded obstacle={obstacle}>
            <Button variant="default" size="compact-xs" disabled={obstacle !== null} onClick={onRollBack}>
              {rollBack.label}
            </Button>
          </Guarded>
        )}
        {!isCurrent && rollbackObstacle && status !== 'pending' && (
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            aria-label={`No way back to v${release.version}`}
            onClick={onRollBack}
          >
            No way back
          </Button>
        )}
        <ActionIcon size={24} aria-label={`Details of v${release.version}`} aria-expanded={isOpen} onClick={toggle}>
          {isOpen ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
        </ActionIcon>
      </div>
      {isOpen && (
        <ReleaseDetails
          target={targetOf(summary)}
          release={release}
          others={releases.map(({ version }) => version).filter((version) => version !== release.version)}
        />
      )}
    </li>
  )
}
