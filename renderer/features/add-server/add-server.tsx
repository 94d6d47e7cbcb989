import { useEffect, useState } from 'react'
import type { CallResult, Server } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { LoadingRows } from '../../components/page/loading-rows.tsx'
import { Page } from '../../components/page/page.tsx'
import { startInstallation, useInstallations } from '../../stores/installations.ts'
import { useLinkedForm } from '../../stores/linked-form.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './add-server.module.css'
import { type Address, AddressForm, readHost } from './address-form.tsx'
import { FingerprintForm } from './fingerprint-form.tsx'
import { Installation } from './installation.tsx'
import { LoginForm } from './login-form.tsx'

type Step =
  | { step: 'address'; address?: Address }
  | { step: 'fingerprint'; address: Address; probe: CallResult<'servers.probe'> }
  | { step: 'login'; server: Server }
  | { step: 'install'; server: Server }

const titles: [Step['step'], string][] = [
  ['address', 'Address'],
  ['fingerprint', 'Host key'],
  ['login', 'Log in'],
  ['install', 'Install'],
]

/** From an address to a server that takes apps. Nothing secret is sent before its key has been confirmed. */
export function AddServer() {
  // A link may have filled it in: then it begins anew with that.
  const { address } = useLinkedForm()
  const first = address === null ? {} : { address: { name: '', port: 22, user: 'root', ...readHost(address) } }
  useEffect(() => () => useLinkedForm.setState({ address: null }), [])
  return (
    <Page title="Add server">
      <Wizard key={address} first={{ step: 'address', ...first }} />
    </Page>
  )
}

/** The same for a server that is known already: finishes, repairs or upgrades it. */
export function InstallServer({ serverId }: { serverId: string }) {
  const servers = useResource('servers.list', {})
  const server = servers.data?.find(({ id }) => id === serverId)
  return (
    <Page title={server ? `Install on ${server.name}` : 'Install'}>
      <ErrorNotice error={servers.error} onRetry={servers.reload} />
      {!servers.data && !servers.error && <LoadingRows />}
      {server && <Wizard first={{ step: isUnderWay(server) ? 'install' : 'login', server }} />}
    </Page>
  )
}

/** An installation that was left alone is found where it is by now. */
const isUnderWay = ({ id }: Server) => useInstallations.getState()[id] !== undefined

function Wizard({ first }: { first: Step }) {
  const [now, setNow] = useState<Step>(first)
  const at = titles.findIndex(([step]) => step === now.step)
  return (
    <div className={styles.wizard}>
      <ol className={styles.steps} aria-label="Steps">
        {titles.map(([step, title], index) => (
          <li key={step} data-state={index < at ? 'done' : undefined} aria-current={index === at ? 'step' : undefined}>
            <span className="num">{index + 1}</span> {title}
          </li>
        ))}
      </ol>
      {now.step === 'address' && (
        <AddressForm
          initial={now.address}
          onProbe={(address, probe) => setNow({ step: 'fingerprint', address, probe })}
        />
      )}
      {now.step === 'fingerprint' && (
        <FingerprintForm
          address={now.address}
          probe={now.probe}
          onProbe={(probe) => setNow({ step: 'fingerprint', address: now.address, probe })}
          onBack={() => setNow({ step: 'address', address: now.address })}
          onTrust={(server) => setNow({ step: 'login', server })}
        />
      )}
      {now.step === 'login' && (
        <LoginForm
          server={now.server}
          onLogin={(login) => {
            startInstallation(now.server.id, login)
            setNow({ step: 'install', server: now.server })
          }}
        />
      )}
      {now.step === 'install' && (
        <Installation server={now.server} onBack={() => setNow({ step: 'login', server: now.server })} />
      )}
    </div>
  )
}
