import { Autocomplete, PasswordInput, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { Authentication, Server } from '../../../electron/bridge/contract.ts'
import type { Login } from '../../stores/installations.ts'
import { useResource } from '../../stores/resources.ts'

type Kind = Authentication['kind']

const hints: Record<Kind | 'system', string> = {
  agent: 'Uses the keys that your SSH agent holds.',
  system: 'Uses what ssh finds by itself: your agent, hardware keys, and what ~/.ssh/config names.',
  key: 'Reads a private key from this computer.',
  password: 'Sent once, over the connection whose key you trusted, and not kept.',
}

/** How somebody with rights logs in to a server. `login` is null until enough is filled in. */
export function useLogin({ transport, login: before }: Server): { login: Login | null; fields: LoginState } {
  const keys = useResource('desktop.about', {}).data?.sshKeys ?? []
  const [chosen, setChosen] = useState<Partial<LoginValues>>({})
  const values: LoginValues = {
    kind: before?.kind ?? (keys.length > 0 && transport !== 'system' ? 'key' : 'agent'),
    path: (before?.kind === 'key' ? before.path : keys[0]) ?? '',
    passphrase: '',
    password: '',
    sudoPassword: '',
    ...chosen,
  }
  const set = (change: Partial<LoginValues>) => setChosen((before) => ({ ...before, ...change }))
  return { login: describeLogin(values), fields: { values, keys, set } }
}

interface LoginValues {
  kind: Kind
  path: string
  passphrase: string
  password: string
  sudoPassword: string
}

interface LoginState {
  values: LoginValues
  keys: string[]
  set: (change: Partial<LoginValues>) => void
}

export function LoginFields({ server, fields }: { server: Server; fields: LoginState }) {
  const { values, keys, set } = fields
  const { user } = server
  const isSystem = server.transport === 'system'
  return (
    <>
      <SegmentedControl
        aria-label="How to log in"
        value={values.kind}
        onChange={(kind) => set({ kind: kind as Kind })}
        data={[
          { value: 'key', label: 'Key file' },
          { value: 'agent', label: isSystem ? 'As ssh does' : 'SSH agent' },
          { value: 'password', label: 'Password' },
        ]}
      />
      <p className="dim" style={{ margin: 0, fontSize: 13 }}>
        {hints[isSystem && values.kind === 'agent' ? 'system' : values.kind]}
      </p>
      {values.kind === 'key' && (
        <>
          <Autocomplete
            size="xs"
            label="Key file"
            placeholder="~/.ssh/id_ed25519"
            data={keys}
            value={values.path}
            onChange={(path) => set({ path })}
          />
          <PasswordInput
            label="Passphrase"
            description="Only if the key has one."
            value={values.passphrase}
            onChange={(event) => set({ passphrase: event.currentTarget.value })}
          />
        </>
      )}
      {values.kind === 'password' && (
        <PasswordInput
          label={`Password of ${user}`}
          value={values.password}
          required
          onChange={(event) => set({ password: event.currentTarget.value })}
        />
      )}
      {user !== 'root' && (
        <PasswordInput
          label="Password for sudo"
          description="Only if sudo asks for one."
          value={values.sudoPassword}
          onChange={(event) => set({ sudoPassword: event.currentTarget.value })}
        />
      )}
    </>
  )
}

function describeLogin({ kind, path, passphrase, password, sudoPassword }: LoginValues): Login | null {
  const sudo = sudoPassword ? { sudoPassword } : {}
  switch (kind) {
    case 'agent':
      return { authentication: { kind }, ...sudo }
    case 'key':
      return path ? { authentication: { kind, path, ...(passphrase ? { passphrase } : {}) }, ...sudo } : null
    case 'password':
      return password ? { authentication: { kind, password }, ...sudo } : null
  }
}
