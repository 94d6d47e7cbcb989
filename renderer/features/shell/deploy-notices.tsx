import { notifications } from '@mantine/notifications'
import { useEffect, useRef } from 'react'
import type { Deploy, Server } from '../../../electron/bridge/contract.ts'
import { describeEnd } from '../../lib/deploy-notice.ts'
import { useResource } from '../../stores/resources.ts'
import { go, useRoute } from '../../stores/route.ts'

/** A deploy that ends while the user looks at something else says so; its own screen says it anyway. */
export function DeployNotices() {
  const deploys = useResource('deploys.list', {}).data
  const servers = useResource('servers.list', {}).data
  const running = useRef(new Set<string>())
  useEffect(() => {
    for (const deploy of deploys ?? []) {
      if (deploy.state === 'running') running.current.add(deploy.id)
      else if (running.current.delete(deploy.id) && !isShown(deploy)) announce(deploy, servers ?? [])
    }
  }, [deploys, servers])
  return null
}

function isShown({ serverId, appName }: Deploy): boolean {
  const route = useRoute.getState()
  return route.screen === 'app' && route.tab === 'deploy' && route.serverId === serverId && route.app === appName
}

function announce(deploy: Deploy, servers: Server[]): void {
  const { id, state, serverId, appName } = deploy
  if (state === 'cancelled') return
  const isGood = state === 'succeeded'
  notifications.show({
    id,
    color: isGood ? 'green' : 'red',
    ...describeEnd(deploy, servers),
    autoClose: isGood ? 6000 : false,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    onClick: () => go({ screen: 'app', serverId, app: appName, tab: 'deploy' }),
    style: { cursor: 'pointer' },
  })
}
