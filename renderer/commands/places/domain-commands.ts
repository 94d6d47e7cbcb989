import { IconCopy, IconTrash } from '@tabler/icons-react'
import { targetOf } from '../../lib/apps/target.ts'
import { removeDomain } from '../acts/domains.ts'
import { define } from '../command.ts'

export const domainCommands = define('domain', {
  copy: { icon: IconCopy, run: ({ domain }) => navigator.clipboard.writeText(domain.hostname) },
  remove: {
    icon: IconTrash,
    needs: 'operate',
    isShown: ({ domain }) => domain.kind === 'custom',
    run: ({ summary, domain }) => removeDomain(targetOf(summary), domain.hostname),
  },
})
