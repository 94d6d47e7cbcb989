import { Autocomplete, Button, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { CallResult, TransportKind } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './add-server.module.css'

export interface Address {
  name: string
  host: string
  port: number
  user: string
}

interface AddressFormProps {
  initial: Address | undefined
  onProbe: (address: Address, probe: CallResult<'servers.probe'>) => void
}

export function AddressForm({ initial, onProbe }: AddressFormProps) {
  const { sshHosts = [], hasSystemSsh = false } = useResource('desktop.about', {}).data ?? {}
  const [host, setHost] = useState(initial?.host ?? '')
  const [port, setPort] = useState(initial?.port ?? 22)
  const [user, setUser] = useState(initial?.user ?? 'root')
  const [name, setName] = useState(initial?.name ?? '')
  // `nas.example.net` is called nas; an address has no part that would be a name.
  const suggested = /^[\d.:[\]]+$/.test(host) ? host : (host.split('.')[0] ?? '')
  const probe = useAction(async (transport?: TransportKind) => {
    const address = { user: user.trim(), port, ...readHost(host) }
    const shown = await bridge().call('servers.probe', { ...address, ...(transport && { transport }) })
    onProbe({ ...address, name: name.trim() || suggested }, shown)
  })
  /** A name of ~/.ssh/config brings its user and port along. */
  const takeKnownHost = useAction(async (chosen: string) => {
    const known = await bridge().call('desktop.sshHost', { host: chosen })
    if (!known) return
    setUser(known.user)
    setPort(known.port)
  })
  /** Not while it is typed: half a port would be taken for a whole one. */
  const spreadHost = () => {
    const read = readHost(host)
    if (read.user !== undefined) setUser(read.user)
    if (read.port !== undefined) setPort(read.port)
    setHost(read.host)
  }
  return (
    <Panel title="Where is it?" hint="a Debian or Ubuntu machine with systemd and an SSH server">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (host.trim() && user.trim()) void probe.run()
        }}
      >
        <div className={styles.fields}>
          <Autocomplete
            size="xs"
            label="Host"
            placeholder="203.0.113.7 or box.example.net"
            data={sshHosts}
            value={host}
            onChange={setHost}
            onBlur={spreadHost}
            onOptionSubmit={(chosen) => void takeKnownHost.run(chosen)}
            required
            data-autofocus
          />
          <NumberInput
            label="Port"
            min={1}
            max={65_535}
            allowDecimal={false}
            value={port}
            onChange={(value) => setPort(Number(value) || 22)}
          />
          <TextInput
            label="User"
            description=""
            value={user}
            onChange={(event) => setUser(event.currentTarget.value)}
            required
          />
        </div>
        <TextInput
          label="Name"
          placeholder={suggested || 'as you want to see it here'}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <p className={styles.text}>
          The user is root, or one who may use sudo. Hearth needs it for the installation only.
        </p>
        <ErrorNotice error={probe.error} onRetry={() => void probe.run()} />
        <div className={styles.buttons}>
          {probe.error && hasSystemSsh && (
            <Button variant="default" size="sm" disabled={probe.isRunning} onClick={() => void probe.run('system')}>
              Try this computer’s ssh
            </Button>
          )}
          <Button type="submit" size="sm" disabled={!host.trim() || !user.trim()} loading={probe.isRunning}>
            Continue
          </Button>
        </div>
      </form>
    </Panel>
  )
}

/** `root@example.net:2222`, as people have it in their clipboard, taken apart. */
export function readHost(text: string): { host: string; user?: string; port?: number } {
  const [, user, six, name, port] = /^(?:([^@\s]+)@)?(?:\[([^\]\s]+)\]|([^:\s]+))(?::(\d+))?$/.exec(text.trim()) ?? []
  const host = six ?? name
  if (host === undefined) return { host: text.trim() }
  return { host, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port: Number(port) }) }
}
