import { HearthError } from '../../../agent/contract/errors.ts'

/** `https` leads through the gateway of this computer, `ssh` straight to the server. */
export const remoteForms = ['https', 'ssh'] as const
export type RemoteForm = (typeof remoteForms)[number]

export interface SshPlace {
  readonly host: string
  readonly port: number
}

export interface RemoteAddressesOptions {
  readonly apiPort: (serverId: string) => number
  /** Null for the server of this computer, which no SSH leads to. */
  readonly sshPlace: (serverId: string) => SshPlace | null
  readonly user: string
}

/** What git is told an app's repository is called. */
export class RemoteAddresses {
  readonly #options: RemoteAddressesOptions

  constructor(options: RemoteAddressesOptions) {
    this.#options = options
  }

  of({ serverId, app, form }: { serverId: string; app: string; form: RemoteForm }): string {
    const { apiPort, sshPlace, user } = this.#options
    if (form === 'https') return `https://127.0.0.1:${apiPort(serverId)}/${app}.git`
    const place = sshPlace(serverId)
    if (!place) throw new HearthError('bad_request', 'No SSH leads to this computer itself: use the form with https.')
    return renderSshAddress(place, user, app)
  }

  /** The forms that a server has. */
  all(serverId: string, app: string): { form: RemoteForm; url: string }[] {
    const forms = remoteForms.filter((form) => form === 'https' || this.#options.sshPlace(serverId) !== null)
    return forms.map((form) => ({ form, url: this.of({ serverId, app, form }) }))
  }
}

/** The short form has no place for a port, and takes an IPv6 address's colons for its own. */
function renderSshAddress({ host, port }: SshPlace, user: string, app: string): string {
  if (port === 22 && !host.includes(':')) return `${user}@${host}:${app}.git`
  const name = host.includes(':') ? `[${host}]` : host
  return `ssh://${user}@${name}${port === 22 ? '' : `:${port}`}/${app}.git`
}
