import { Autocomplete, Button, PasswordInput, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { Authentication, Server } from '../../../electron/bridge/contract.ts'
import { Panel } from '../../components/panel.tsx'
import type { Login } from '../../stores/installations.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './add-server.module.css'

type Kind = Authentication['kind']

const hints: Record<Kind, string> = {
  agent: 'Uses the keys that your SSH agent holds.',
  key: 'Reads a private key from this computer.',
  password: 'Sent once, over the connection whose key you have just confirmed, and not kept.',
}

export function LoginForm({ server, onLogin }: { server: Server; onLogin: (login: Login) => void }) {
  const keys = useResource('desktop.about', {}).data?.sshKeys ?? []
  const [kind, setKind] = useState<Kind>(keys.length > 0 ? 'key' : 'agent')
  const [path, setPath] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [password, setPassword] = useState('')
  const [sudoPassword, setSudoPassword] = useState('')
  const keyPath = path || keys[0] || ''
  const authentication = describeLogin(kind, { path: keyPath, passphrase, password })
  return (
    <Panel title={`Log in as ${server.user}`} hint={`${server.host}, port ${server.port}`}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (authentication) onLogin({ authentication, ...(sudoPassword ? { sudoPassword } : {}) })
        }}
      >
        <SegmentedControl
          aria-label="How to log in"
          value={kind}
          onChange={(value) => setKind(value as Kind)}
          data={[
            { value: 'key', label: 'Key file' },
            { value: 'agent', label: 'SSH agent' },
            { value: 'password', label: 'Password' },
          ]}
        />
        <p className={styles.text}>{hints[kind]}</p>
        {kind === 'key' && (
          <>
            <Autocomplete
              size="xs"
              label="Key file"
              placeholder="~/.ssh/id_ed25519"
              data={keys}
              value={keyPath}
              onChange={setPath}
            />
            <PasswordInput
              label="Passphrase"
              description="Only if the key has one."
              value={passphrase}
              onChange={(event) => setPassphrase(event.currentTarget.value)}
            />
          </>
        )}
        {kind === 'password' && (
          <PasswordInput
            label="Password"
            value={password}
            required
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        {server.user !== 'root' && (
          <PasswordInput
            label="Password for sudo"
            description="Only if sudo asks for one."
            value={sudoPassword}
            onChange={(event) => setSudoPassword(event.currentTarget.value)}
          />
        )}
        <div className={styles.buttons}>
          <Button type="submit" size="sm" disabled={!authentication}>
            Install
          </Button>
        </div>
      </form>
    </Panel>
  )
}

function describeLogin(
  kind: Kind,
  { path, passphrase, password }: { path: string; passphrase: string; password: string },
): Authentication | null {
  if (kind === 'agent') return { kind }
  if (kind === 'key') return path ? { kind, path, ...(passphrase ? { passphrase } : {}) } : null
  return password ? { kind, password } : null
}
