import { notifications } from '@mantine/notifications'
import { useEffect, useRef } from 'react'
import { noticeWords } from '../../commands/notices/notice-words.ts'
import { useInstallations } from '../../stores/installations.ts'
import { peekResource, useResource } from '../../stores/resources.ts'
import { formatRoute, go, useRoute } from '../../stores/route.ts'
import { describeDeploy, describeInstall, type Ended } from './ended-work.ts'

/** Long work that ends while the user looks at something else says so; its own screen says it anyway. */
export function EndNotices() {
  const deploys = useResource('deploys.list', {}).data
  const servers = useResource('servers.list', {}).data
  const installations = useInstallations()
  const running = useRef(new Set<string>())
  useEffect(() => {
    /** True once: when what ran has ended. */
    const hasJustEnded = (id: string, isRunning: boolean) => {
      if (!isRunning) return running.current.delete(id)
      running.current.add(id)
      return false
    }
    for (const deploy of deploys ?? [])
      if (hasJustEnded(deploy.id, deploy.state === 'running')) announce(describeDeploy(deploy, servers ?? []))
    for (const server of servers ?? []) {
      const installation = installations[server.id]
      if (installation && hasJustEnded(`install ${server.id}`, installation.outcome.state === 'running'))
        announce(describeInstall(server, installation))
    }
  }, [deploys, installations, servers])
  return null
}

function announce(ended: Ended | null): void {
  if (!ended) return
  const isLookedAt = document.hasFocus()
  if (!isLookedAt) notifyDesktop(ended)
  if (formatRoute(useRoute.getState()) === formatRoute(ended.route)) return
  const { id, isGood, title, message, route } = ended
  notifications.show({
    ...{ id, title, message },
    color: isGood ? 'green' : 'red',
    autoClose: isGood ? 6000 : false,
    closeButtonProps: { 'aria-label': noticeWords.dismiss },
    // Dismissing it is no wish to go there.
    onClick: ({ target }) => {
      if (target instanceof Element && !target.closest('button')) go(route)
    },
    style: { cursor: 'pointer' },
  })
}

/** By the system, where the user and the browser let it. */
function notifyDesktop({ id, title, message, route }: Ended): void {
  if (!peekResource('settings.get', {})?.notifiesEnds) return
  if (globalThis.Notification?.permission !== 'granted') return
  const shown = new Notification(title, { body: message, tag: id })
  shown.onclick = () => {
    window.focus()
    go(route)
    shown.close()
  }
}
