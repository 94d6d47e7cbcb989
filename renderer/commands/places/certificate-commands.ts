import { IconReplace, IconTrash } from '@tabler/icons-react'
import { openCertificateDialog } from '../../components/domains/certificate-dialog.tsx'
import { targetOf } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { define } from '../command.ts'

export const certificateCommands = define('certificate', {
  replace: {
    icon: IconReplace,
    needs: 'operate',
    run: ({ summary, certificate }) => openCertificateDialog(summary, certificate),
  },
  remove: {
    icon: IconTrash,
    needs: 'operate',
    run: ({ summary, certificate }) =>
      bridge().call('certificates.remove', { ...targetOf(summary), name: certificate.name }),
  },
})
