import { modals } from '@mantine/modals'
import { useState } from 'react'
import type { AppSummary, Certificate } from '../../../electron/bridge/contract.ts'
import { targetOf } from '../../lib/apps/target.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { QuestionForm } from '../actions/question-form.tsx'
import { TextFileField } from '../actions/text-file-field.tsx'

/** Asks for a certificate that somebody has: a new one, or the successor of `replaced`. */
export function openCertificateDialog(summary: AppSummary, replaced: Certificate | null): void {
  const id = modals.open({
    title: replaced ? `Upload the successor of ${replaced.name}` : `Upload a certificate to ${summary.app.name}`,
    size: 'lg',
    children: <CertificateForm summary={summary} replaced={replaced} onClose={() => modals.close(id)} />,
  })
}

interface CertificateFormProps {
  summary: AppSummary
  replaced: Certificate | null
  onClose: () => void
}

function CertificateForm({ summary, replaced, onClose }: CertificateFormProps) {
  const [chain, setChain] = useState('')
  const [key, setKey] = useState('')
  const upload = useAction(async () => {
    await bridge().call('certificates.upload', {
      ...targetOf(summary),
      replaces: replaced?.name ?? null,
      certificate_chain: chain,
      private_key: key,
    })
    onClose()
  })
  return (
    <QuestionForm
      confirm={replaced ? 'Replace' : 'Upload'}
      isReady={chain.trim() !== '' && key.trim() !== ''}
      action={upload}
      onCancel={onClose}
    >
      <span className="dim">
        Its key, chain, dates and names are checked first. Every domain that it covers shows it from the next connection
        on, before one that the server got by itself.
      </span>
      <TextFileField
        label="Certificate chain"
        description="PEM: the certificate of the domain first, then those that lead to its root. Most call it fullchain.pem."
        placeholder="-----BEGIN CERTIFICATE-----"
        choose="Choose the chain’s file"
        accept=".pem,.crt,.cer,.txt"
        isFirst
        value={chain}
        onChange={setChain}
      />
      <TextFileField
        label="Private key"
        description="PEM, without a passphrase. It goes to the server and nowhere else, and is never shown again."
        placeholder="-----BEGIN PRIVATE KEY-----"
        choose="Choose the key’s file"
        accept=".pem,.key,.txt"
        isSecret
        value={key}
        onChange={setKey}
      />
    </QuestionForm>
  )
}
