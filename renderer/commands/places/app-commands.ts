import {
  type Icon,
  IconAdjustments,
  IconBarrierBlock,
  IconCertificate,
  IconCopy,
  IconExternalLink,
  IconFileText,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconPackageImport,
  IconPin,
  IconRefresh,
  IconTerminal2,
  IconTrash,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react'
import { openCertificateDialog } from '../../components/domains/certificate-dialog.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { openLetIn } from '../../stores/let-in.ts'
import { openLink } from '../../stores/links.ts'
import { togglePin } from '../../stores/pinned.ts'
import { peekResource } from '../../stores/resources.ts'
import { type AppTab, appTabs, go, useRoute } from '../../stores/route.ts'
import { setMaintenance } from '../acts/maintenance.ts'
import { type CommandParts, define } from '../command.ts'
import { obstacleWords } from '../notices/notice-words.ts'
import type { Subjects } from '../subject.ts'

const noAddress = ({ summary }: Subjects['app']) => (summary.url ? null : obstacleWords.noAddress(summary.app.name))

export const appCommands = define('app', {
  overview: screen('overview', IconLayoutDashboard),
  deploy: screen('deploy', IconPackageImport),
  releases: screen('releases', IconHistory),
  logs: screen('logs', IconFileText),
  terminal: screen('terminal', IconTerminal2),
  'config-vars': screen('config-vars', IconKey),
  access: screen('access', IconUsers),
  'let-in': {
    icon: IconUserPlus,
    needs: 'manage',
    // This computer is used by whoever is logged in to it.
    isShown: ({ summary }) => peekResource('access.own', { serverId: summary.serverId })?.has_people !== false,
    run({ summary }) {
      go({ screen: 'app', ...targetOf(summary), tab: 'access' })
      openLetIn(targetOf(summary))
    },
  },
  settings: screen('settings', IconAdjustments),
  open: {
    icon: IconExternalLink,
    shortcut: 'o',
    obstacle: noAddress,
    run: ({ summary }) => openLink(summary.url ?? ''),
  },
  'copy-url': {
    icon: IconCopy,
    obstacle: noAddress,
    run: ({ summary }) => navigator.clipboard.writeText(summary.url ?? ''),
  },
  pin: { icon: IconPin, shortcut: 'p', run: ({ summary }) => togglePin(summary) },
  restart: {
    icon: IconRefresh,
    needs: 'operate',
    obstacle: ({ summary: { app, dynos } }) =>
      dynos.wanted + dynos.up + dynos.starting + dynos.crashed > 0 ? null : obstacleWords.noDynos(app.name),
    run: ({ summary }) => bridge().call('dynos.restart', targetOf(summary)),
  },
  maintenance: {
    icon: IconBarrierBlock,
    needs: 'operate',
    run: ({ summary }) => setMaintenance(summary, !summary.app.maintenance),
  },
  'add-certificate': {
    icon: IconCertificate,
    needs: 'operate',
    run: ({ summary }) => openCertificateDialog(summary, null),
  },
  destroy: {
    icon: IconTrash,
    needs: 'manage',
    isTyped: true,
    async run({ summary }) {
      const target = targetOf(summary)
      await bridge().call('apps.destroy', { ...target, confirm: target.app })
      const route = useRoute.getState()
      if (route.screen === 'app' && route.serverId === target.serverId && route.app === target.app)
        go({ screen: 'apps' })
    },
  },
})

/** The screens of an app, by 1 to 8 in the order in which its tabs stand. */
function screen(tab: AppTab, icon: Icon): CommandParts<'app'> {
  return {
    icon,
    shortcut: String(appTabs.indexOf(tab) + 1),
    run: ({ summary }) => go({ screen: 'app', ...targetOf(summary), tab }),
  }
}
