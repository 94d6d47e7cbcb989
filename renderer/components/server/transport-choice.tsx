import { SegmentedControl } from '@mantine/core'
import type { TransportKind } from '../../../electron/bridge/contract.ts'

interface TransportChoiceProps {
  value: TransportKind
  onChange: (transport: TransportKind) => void
  isDisabled?: boolean
}

export const systemSshName = 'This computer’s ssh'

/** Hearth's own SSH, or the computer's with its configuration. */
export function TransportChoice({ value, onChange, isDisabled = false }: TransportChoiceProps) {
  return (
    <SegmentedControl
      aria-label="How to connect"
      style={{ flexShrink: 0 }}
      value={value}
      disabled={isDisabled}
      onChange={(transport) => onChange(transport as TransportKind)}
      data={[
        { value: 'ssh2', label: 'Built in' },
        { value: 'system', label: systemSshName },
      ]}
    />
  )
}
