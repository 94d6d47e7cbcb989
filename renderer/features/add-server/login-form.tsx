import { Button } from '@mantine/core'
import type { Server } from '../../../electron/bridge/contract.ts'
import { Panel } from '../../components/page/panel.tsx'
import { LoginFields, useLogin } from '../../components/server/login-fields.tsx'
import type { Login } from '../../stores/installations.ts'
import styles from './add-server.module.css'

export function LoginForm({ server, onLogin }: { server: Server; onLogin: (login: Login) => void }) {
  const { login, fields } = useLogin(server)
  return (
    <Panel title={`Log in as ${server.user}`} hint={`${server.host}, port ${server.port}`}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (login) onLogin(login)
        }}
      >
        <LoginFields server={server} fields={fields} />
        <div className={styles.buttons}>
          <Button type="submit" size="sm" disabled={!login}>
            Install
          </Button>
        </div>
      </form>
    </Panel>
  )
}
