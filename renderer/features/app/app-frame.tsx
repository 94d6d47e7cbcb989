import { IconExternalLink } from '@tabler/icons-react'
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { CommandMenu } from '../../commands/menu/command-menu.tsx'
import { rightClick } from '../../commands/menu/context-menu.tsx'
import { appCommands } from '../../commands/places/app-commands.ts'
import { words } from '../../commands/words.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import type { Target } from '../../lib/apps/target.ts'
import { useAfterPaint } from '../../lib/react/after-paint.ts'
import { describeApp } from '../../lib/status.ts'
import { useResource } from '../../stores/resources.ts'
import { type AppTab, appTabs, formatRoute } from '../../stores/route.ts'
import styles from './app-frame.module.css'
import { OfflineBanner } from './offline-banner.tsx'
import { PinButton } from './pin-button.tsx'
import { RoleBadge } from './role-badge.tsx'

/** Panes of text take the whole room under the tabs; the other screens keep a measure that is good to read. */
const fullTabs: readonly AppTab[] = ['logs', 'terminal']

interface AppFrameProps extends Target {
  tab: AppTab
  /** The same function each time. */
  show: (summary: AppSummary, tab: AppTab) => ReactNode
}

/**
 * What all screens of one app share: its name and state, where it answers, and the way between the screens. A click is answered by
 * these; the screen itself is made right after they are drawn, in pieces that a key or a click comes between.
 */
export function AppFrame({ serverId, app, tab, show }: AppFrameProps) {
  const target = { serverId, app }
  const { data, error, reload } = useResource('apps.get', target)
  const shown = useAfterPaint(tab)
  const screen = useMemo(() => data && shown && show(data, shown), [data, shown, show])
  const tabs = useRef<HTMLElement>(null)
  // A narrow window has no room for all of them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current one is another with the tab
  useEffect(() => {
    // What it returns (a promise, in browsers of today) is no clean-up.
    tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [tab])
  const isFull = fullTabs.includes(shown ?? tab)
  const body = useRef<HTMLElement>(null)
  // A screen begins at its top, however far down the one before was read.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another screen is there with it
  useLayoutEffect(() => {
    if (body.current) body.current.scrollTop = 0
  }, [shown])
  return (
    <div className={styles.frame}>
      <header className={styles.head}>
        <AppTitle target={target} summary={data} />
        <nav ref={tabs} className={styles.tabs} aria-label={`Screens of ${target.app}`}>
          {appTabs.map((each) => (
            <a
              key={each}
              href={formatRoute({ screen: 'app', ...target, tab: each })}
              className={styles.tab}
              aria-current={each === tab ? 'page' : undefined}
            >
              {words.app[each].label}
            </a>
          ))}
        </nav>
      </header>
      {data && !data.online && <OfflineBanner serverId={target.serverId} />}
      {/* A region that scrolls must be reachable by keyboard, also where nothing in it is. */}
      <section
        ref={body}
        className={styles.body}
        aria-label={words.app[shown ?? tab].label}
        aria-busy={shown !== tab}
        tabIndex={isFull ? undefined : 0}
      >
        <div className={isFull && data ? styles.full : styles.content}>
          {!data && error && <ErrorNotice error={error} onRetry={reload} />}
          {!data && !error && <LoadingRows rows={4} height={64} />}
          {screen}
        </div>
      </section>
    </div>
  )
}

function AppTitle({ target, summary }: { target: Target; summary: AppSummary | undefined }) {
  const servers = useResource('servers.list', {}).data
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${target.app} · Hearth`
    heading.current?.focus({ preventScroll: true })
  }, [target.app])
  const server = servers?.find(({ id }) => id === target.serverId)?.name
  return (
    <div className={styles.line} {...(summary && rightClick('app', { summary }))}>
      <h1 ref={heading} tabIndex={-1} className={styles.title}>
        {target.app}
      </h1>
      {summary && <StatusMark {...describeApp(summary)} showLabel />}
      <span className={`${styles.where} truncate`} title={server}>
        on {server ?? '…'}
      </span>
      {summary && <RoleBadge summary={summary} />}
      {summary && <PinButton summary={summary} />}
      <div className={styles.actions}>
        {summary?.url && (
          <CommandButton
            command={appCommands.open}
            subject={{ summary }}
            title={summary.url}
            rightSection={<IconExternalLink size={14} aria-hidden="true" />}
          />
        )}
        {summary && <CommandMenu place="app" subject={{ summary }} />}
      </div>
    </div>
  )
}
