import { Select } from '@mantine/core'
import type { Role } from '../../../electron/bridge/contract.ts'
import { describeRole, roleMeanings, roles } from '../../lib/role.ts'

interface RoleSelectProps {
  label: string
  value: Role | null
  /** What stands for no role at all; without it there has to be one. */
  none?: string
  isDisabled?: boolean
  /** Shows its label above it. */
  isField?: boolean
  onChange: (role: Role | null) => void
}

const nothing = 'none'

export function RoleSelect({ label, value, none, isDisabled, isField, onChange }: RoleSelectProps) {
  const data = [...(none === undefined ? [] : [{ value: nothing, label: none }]), ...roles]
  return (
    <Select
      {...(isField ? { label, description: value && describeRole(value) } : { 'aria-label': label })}
      allowDeselect={false}
      data={data}
      value={value ?? nothing}
      disabled={isDisabled ?? false}
      comboboxProps={{ width: 340, position: 'bottom-end' }}
      maxDropdownHeight={340}
      onChange={(chosen) => chosen && onChange(chosen === nothing ? null : (chosen as Role))}
      renderOption={({ option, checked }) => (
        <Option name={option.value} label={option.label} isChosen={checked ?? false} />
      )}
    />
  )
}

function Option({ name, label, isChosen }: { name: string; label: string; isChosen: boolean }) {
  const own = name === nothing ? 'roles on single apps stay' : roleMeanings[name as Role]
  const meaning = name === nothing || name === 'view' ? own : `also ${own}`
  return (
    <span>
      <strong style={isChosen ? { color: 'var(--h-accent)' } : undefined}>{label}</strong>
      <br />
      <span className="dim">{meaning}</span>
    </span>
  )
}
