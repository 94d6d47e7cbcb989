import { Button } from '@mantine/core'
import { IconServer } from '@tabler/icons-react'
import { Notice } from '../../components/notices/notice.tsx'
import { Page } from '../../components/page/page.tsx'
import { useOwnAccess, useServerObstacle } from '../../stores/access.ts'
import { useResource } from '../../stores/resources.ts'
import { go } from '../../stores/route.ts'
import { ActivityPanel } from './activity-panel.tsx'
import { OwnKeysPanel } from './own-keys.tsx'
import { PeoplePanel } from './people-panel.tsx'

/** Whom a server knows, what they may do there, and one's own keys. */
export function ServerAccess({ serverId }: { serverId: string }) {
  const server = useResource('servers.list', {}).data?.find(({ id }) => id === serverId)
  const own = useOwnAccess(serverId)
  const obstacle = useServerObstacle(serverId, 'view')
  const name = server?.name ?? serverId
  return (
    <Page
      title={`Access to ${name}`}
      hint={own && (own.role === null ? 'your roles are on single apps' : `your role is ${own.role}`)}
      actions={
        <Button
          variant="default"
          leftSection={<IconServer size={14} aria-hidden="true" />}
          onClick={() => go({ screen: 'server', serverId })}
        >
          Server
        </Button>
      }
    >
      {obstacle === null && own
        ? server && <PeoplePanel server={server} you={own.user.id} />
        : obstacle && (
            <Notice tone="news">
              Who else may use {name} is not shown to you. {obstacle}
            </Notice>
          )}
      {own && server && <OwnKeysPanel server={server} />}
      {obstacle === null && own && <ActivityPanel serverId={serverId} />}
    </Page>
  )
}
