import {
  IconCertificate,
  IconCertificateOff,
  IconPlugConnected,
  IconPlus,
  IconServer2,
  IconTerminal2,
  IconTool,
  IconTrash,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react'
import { openTrustDialog } from '../../components/server/trust-dialog.tsx'
import { bridge } from '../../stores/bridge.ts'
import { preferServer } from '../../stores/dropped-folder.ts'
import { openLetIn } from '../../stores/let-in.ts'
import { go, useRoute } from '../../stores/route.ts'
import { define } from '../command.ts'
import { obstacleWords } from '../notices/notice-words.ts'
import type { Subjects } from '../subject.ts'

const notOnline = ({ server }: Subjects['server']) =>
  server.connection.state === 'online' ? null : obstacleWords.notConnected(server.name)

export const serverCommands = define('server', {
  show: { icon: IconServer2, run: ({ server }) => go({ screen: 'server', serverId: server.id }) },
  'new-app': {
    icon: IconPlus,
    run({ server }) {
      preferServer(server.id)
      go({ screen: 'new-app' })
    },
  },
  terminal: {
    icon: IconTerminal2,
    run: ({ server }) => go({ screen: 'client-terminal', serverId: server.id }),
  },
  access: {
    icon: IconUsers,
    isShown: ({ server }) => server.kind === 'ssh',
    obstacle: notOnline,
    run: ({ server }) => go({ screen: 'server-access', serverId: server.id }),
  },
  'let-in': {
    icon: IconUserPlus,
    needs: 'manage',
    isShown: ({ server }) => server.kind === 'ssh',
    obstacle: notOnline,
    run({ server }) {
      go({ screen: 'server-access', serverId: server.id })
      openLetIn({ serverId: server.id, app: null })
    },
  },
  reconnect: {
    icon: IconPlugConnected,
    isShown: ({ server: { connection } }) => connection.state === 'offline',
    run: ({ server }) => bridge().call('servers.reconnect', { serverId: server.id }),
  },
  install: {
    icon: IconTool,
    isShown: ({ server }) => server.kind === 'ssh',
    run: ({ server }) => go({ screen: 'install-server', serverId: server.id }),
  },
  trust: {
    icon: IconCertificate,
    isShown: ({ server }) => server.kind === 'ssh',
    obstacle: notOnline,
    run: ({ server }) => openTrustDialog(server, 'trust'),
  },
  distrust: {
    icon: IconCertificateOff,
    isShown: ({ server }) => server.kind === 'ssh',
    obstacle: notOnline,
    run: ({ server }) => openTrustDialog(server, 'distrust'),
  },
  forget: {
    icon: IconTrash,
    isShown: ({ server }) => server.kind === 'ssh',
    async run({ server }) {
      await bridge().call('servers.remove', { serverId: server.id })
      const route = useRoute.getState()
      if ('serverId' in route && route.serverId === server.id) go({ screen: 'apps' })
    },
  },
})
