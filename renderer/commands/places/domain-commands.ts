import { IconCopy, IconRefresh, IconTrash } from '@tabler/icons-react'
import { targetOf } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { removeDomain } from '../acts/domains.ts'
import { define } from '../command.ts'

export const domainCommands = define('domain', {
  copy: { icon: IconCopy, run: ({ domain }) => navigator.clipboard.writeText(domain.hostname) },
  'retry-certificate': {
    icon: IconRefresh,
    needs: 'operate',
    isShown: ({ domain: { acm_status } }) => acm_status === 'failing' || acm_status === 'failed',
    run: ({ summary }) => bridge().call('certificates.refresh', targetOf(summary)),
  },
  remove: {
    icon: IconTrash,
    needs: 'operate',
    isShown: ({ domain }) => domain.kind === 'custom',
    run: ({ summary, domain }) => removeDomain(targetOf(summary), domain.hostname),
  },
})
