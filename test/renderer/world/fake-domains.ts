import type { BridgeDomain, CallResult } from '../../../electron/bridge/contract.ts'
import { ago } from './fake-world.ts'

/** What visitors of a domain meet: one is served well, one's DNS leads elsewhere. */
export function meetingOf(hostname: string): Pick<BridgeDomain, 'certificate' | 'dns'> {
  if (hostname.endsWith('.local')) {
    const certificate = { origin: 'local' as const, expires_at: inDays(90), expires_soon: false }
    return { certificate, dns: null }
  }
  const expected = [`${hostname} A 203.0.113.5`]
  if (!hostname.startsWith('www.')) {
    const certificate = { origin: 'acme' as const, expires_at: inDays(76), expires_soon: false }
    return { certificate, dns: { state: 'ok', expected, found: expected, message: null } }
  }
  const message =
    'It leads to 198.51.100.7, and this server is 203.0.113.5. Change the record where you manage the domain.'
  return { certificate: null, dns: { state: 'elsewhere', expected, found: [`${hostname} A 198.51.100.7`], message } }
}

/** What this computer is told about atlas' own authority: one store is done, one is for an administrator. */
export function trustReport(isDone: boolean): CallResult<'trust.plan'> {
  const file = '/home/ada/.local/share/hearth/authorities/atlas.pem'
  return {
    authority: {
      name: 'Hearth on atlas 7f3a',
      fingerprint: Array.from({ length: 32 }, (_, at) =>
        ((at * 37 + 11) % 256).toString(16).padStart(2, '0').toUpperCase(),
      ).join(':'),
      ...{ domains: ['local', 'internal', 'home.arpa'], expires_at: inDays(3650) },
    },
    steps: [
      {
        title: "This computer's store (curl, git)",
        command: `sudo install -m 644 ${file} /usr/local/share/ca-certificates/hearth-0b3055.crt`,
        ...{ state: 'administrator', message: null },
      },
      {
        title: "This computer's store, renewed",
        command: 'sudo update-ca-certificates',
        state: 'administrator',
        message: null,
      },
      {
        title: 'Chromium and programs alike (NSS)',
        command: `certutil -d sql:/home/ada/.pki/nssdb -A -t C,, -n 'Hearth on atlas 7f3a' -i ${file}`,
        ...{ state: isDone ? 'done' : 'planned', message: null },
      },
    ],
  }
}

const inDays = (days: number): string => ago(-days * 24 * 60)
