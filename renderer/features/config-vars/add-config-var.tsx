import { Button, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import styles from './config-vars.module.css'
import type { Update } from './config-vars.tsx'

interface AddConfigVarProps {
  taken: string[]
  isReadOnly: boolean
  isRunning: boolean
  onAdd: (update: Update) => Promise<boolean | undefined>
}

export function AddConfigVar({ taken, isReadOnly, isRunning, onAdd }: AddConfigVarProps) {
  const [name, setName] = useState('')
  const [value, setValue] = useState('')
  const first = useRef<HTMLInputElement>(null)
  const problem = explainName(name, taken)
  const add = async () => {
    if (!name || problem || !(await onAdd({ [name]: value }))) return
    setName('')
    setValue('')
    first.current?.focus()
  }
  return (
    <form
      className={styles.add}
      onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}
    >
      <TextInput
        ref={first}
        aria-label="Name"
        placeholder="NAME"
        value={name}
        error={name ? problem : null}
        spellCheck={false}
        onChange={(event) => setName(event.currentTarget.value.trim())}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <TextInput
        aria-label="Value"
        placeholder="value"
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setValue(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Button type="submit" disabled={isReadOnly || !name || problem !== null} loading={isRunning}>
        Add config var
      </Button>
    </form>
  )
}

function explainName(name: string, taken: string[]): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return 'Letters, digits and underscores; no digit first.'
  return taken.includes(name) ? 'There already: edit it above.' : null
}
