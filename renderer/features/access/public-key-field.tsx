import { Button, FileButton, Textarea } from '@mantine/core'

interface PublicKeyFieldProps {
  label: string
  description: string
  value: string
  onChange: (text: string) => void
}

/** A public key, pasted or picked as a file. The core refuses private ones before anything leaves this computer. */
export function PublicKeyField({ label, description, value, onChange }: PublicKeyFieldProps) {
  const read = async (file: File | null) => {
    if (file) onChange((await file.slice(0, 20_000).text()).trim())
  }
  return (
    <div>
      <Textarea
        label={label}
        description={description}
        placeholder="ssh-ed25519 AAAA… bob@laptop"
        autosize
        minRows={3}
        maxRows={6}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', overflowWrap: 'anywhere' } }}
      />
      <FileButton onChange={(file) => void read(file)} accept=".pub">
        {(button) => (
          <Button {...button} variant="default" size="compact-xs" mt={6}>
            Choose .pub file
          </Button>
        )}
      </FileButton>
    </div>
  )
}
