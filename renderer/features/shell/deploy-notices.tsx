import { notifications } from '@mantine/notifications'
import { useEffect, useRef } from 'react'
import type { Deploy } from '../../../electron/bridge/contract.ts'
import { useResource } from '../../stores/resources.ts'
import { go, useRoute } from '../../stores/route.ts'

/** A deploy that ends while the user looks at something else says so; its own screen says it anyway. */
export function DeployNotices() {
  const deploys = useResource('deploys.list', {}).data
  const running = useRef(new Set<string>())
  useEffect(() => {
    for (const deploy of deploys ?? []) {
      if (deploy.state === 'running') running.current.add(deploy.id)
      else if (running.current.delete(deploy.id) && !isShown(deploy)) announce(deploy)
    }
  }, [deploys])
  return null
}

function isShown({ serverId, appName }: Deploy): boolean {
  const route = useRoute.getState()
  return route.screen === 'app' && route.tab === 'deploy' && route.serverId === serverId && route.app === appName
}

function announce({ id, state, serverId, appName, release, url, error }: Deploy): void {
  if (state === 'cancelled') return
  const isGood = state === 'succeeded'
  notifications.show({
    id,
    color: isGood ? 'green' : 'red',
    title: isGood ? `${appName} v${release?.version ?? ''} serves` : `The deploy of ${appName} failed`,
    message: isGood
      ? (url ?? 'Deployed.')
      : (error?.split('\n')[0] ?? 'Open its deploy screen for the build’s output.'),
    autoClose: isGood ? 6000 : false,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    onClick: () => go({ screen: 'app', serverId, app: appName, tab: 'deploy' }),
    style: { cursor: 'pointer' },
  })
}
