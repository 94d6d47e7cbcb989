import { TextFileField } from '../../components/actions/text-file-field.tsx'

interface PublicKeyFieldProps {
  label: string
  description: string
  value: string
  onChange: (text: string) => void
}

/** A public key, pasted or picked as a file. The core refuses private ones before anything leaves this computer. */
export function PublicKeyField(field: PublicKeyFieldProps) {
  return <TextFileField {...field} placeholder="ssh-ed25519 AAAA… bob@laptop" choose="Choose .pub file" accept=".pub" />
}
