import type { BridgeDomain, CallResult, Certificate, HttpsSettings } from '../../../electron/bridge/contract.ts'
import { type Calls, type FakeBridge, fail, findApp } from './fake-bridge.ts'
import { ago, type FakeApp, uuid } from './fake-world.ts'

/** Names, and what visitors meet there: by how a name begins it is in one of the states that there are. */
export function fakeDomains({ world, changed }: FakeBridge) {
  const domainsOf = (app: FakeApp) => {
    const isHere = app.serverId === 'this-computer'
    const own = `${app.app.name}.${isHere ? 'localhost' : '203-0-113-5.sslip.io'}`
    return [domainOf(app, own, 'heroku'), ...app.domains.map((name) => domainOf(app, name, 'custom'))]
  }
  return {
    'domains.list': (target) => domainsOf(findApp(world, target)),
    'domains.add': ({ hostname, ...target }) => {
      const app = findApp(world, target)
      app.domains.push(hostname)
      changed('domains', app)
      return domainOf(app, hostname, 'custom')
    },
    'domains.remove': ({ hostname, ...target }) => {
      const app = findApp(world, target)
      app.domains = app.domains.filter((each) => each !== hostname)
      changed('domains', app)
      return {}
    },
    'httpsSettings.get': (target) => findApp(world, target).https,
    'httpsSettings.update': ({ update, ...target }) => {
      const app = findApp(world, target)
      app.https = { ...app.https, ...update } as HttpsSettings
      changed('apps', app)
      return app.https
    },
    'certificates.list': (target) => {
      const app = findApp(world, target)
      const got = app.domains.filter((name) => meetingOf(name).certificate?.origin === 'acme')
      return [...app.certificates, ...got.map((name) => gotCertificate(app, name))]
    },
    'certificates.upload': ({ replaces, certificate_chain, ...target }) => {
      const app = findApp(world, target)
      if (!certificate_chain.startsWith('-----BEGIN CERTIFICATE-----'))
        throw fail(
          'invalid_params',
          'The certificate chain has no PEM certificate: it begins with -----BEGIN CERTIFICATE-----.',
        )
      const made = makeCertificate(app, ['shop.example.com', '*.shop.example.com'])
      app.certificates = [...app.certificates.filter(({ name }) => name !== replaces), made]
      changed('domains', app)
      return made
    },
    'certificates.refresh': () => ({}),
    'certificates.remove': ({ name, ...target }) => {
      const app = findApp(world, target)
      app.certificates = app.certificates.filter((each) => each.name !== name)
      changed('domains', app)
      return {}
    },
  } satisfies Partial<Calls>
}

function domainOf(app: FakeApp, hostname: string, kind: BridgeDomain['kind']): BridgeDomain {
  const shown = app.certificates.find(({ ssl_cert }) => ssl_cert.cert_domains.includes(hostname))
  return {
    acm_status: null,
    acm_status_reason: null,
    app: { id: app.app.id, name: app.app.name },
    cname: null,
    created_at: ago(90),
    hostname,
    id: idOf(`domain of ${hostname}`),
    kind,
    updated_at: ago(90),
    status: 'succeeded',
    sni_endpoint: shown ? { id: shown.id, name: shown.name } : { id: idOf(hostname), name: 'still-meadow-71' },
    ...(kind === 'custom' ? meetingOf(hostname) : { certificate: null, dns: null }),
  }
}

export function makeCertificate(app: FakeApp, hostnames: string[], expiresInDays = 80): Certificate {
  return {
    app: { id: app.app.id, name: app.app.name },
    certificate_chain: '-----BEGIN CERTIFICATE-----',
    created_at: ago(900),
    display_name: null,
    domains: [],
    id: uuid(),
    name: 'amber-harbor-204',
    updated_at: ago(900),
    ssl_cert: {
      acm: false,
      'ca_signed?': true,
      cert_domains: hostnames,
      expires_at: inDays(expiresInDays),
      id: uuid(),
      issuer: '/C=US/O=Example Trust/CN=Example Trust R11',
      'self_signed?': false,
      starts_at: inDays(expiresInDays - 90),
      subject: `/CN=${hostnames[0]}`,
    },
  }
}

const gotCertificate = (app: FakeApp, hostname: string): Certificate => {
  const made = makeCertificate(app, [hostname], 76)
  const ssl_cert = { ...made.ssl_cert, acm: true, issuer: '/C=US/O=Example Trust/CN=Example Trust E5' }
  return { ...made, id: idOf(hostname), name: 'still-meadow-71', ssl_cert }
}

/** The same for the same. */
const idOf = (text: string): string =>
  text.padEnd(36, '0').replace(/./g, (letter) => (letter.charCodeAt(0) % 16).toString(16))

type Meeting = Partial<Pick<BridgeDomain, 'certificate' | 'dns' | 'acm_status' | 'acm_status_reason'>>

function meetingOf(hostname: string): Meeting {
  const record = `${hostname} A 203.0.113.5`
  const ok = { state: 'ok' as const, expected: [record], found: [record], message: null }
  const from = (origin: 'acme' | 'local' | 'uploaded', days: number) => ({
    ...{ origin, expires_at: inDays(days), expires_soon: days < 20 },
  })
  const [first] = hostname.split('.')
  if (hostname.endsWith('.local')) return { certificate: from('local', 90), dns: null }
  switch (first) {
    case 'www':
      return {
        certificate: null,
        dns: {
          state: 'elsewhere',
          expected: [record, `${hostname} AAAA 2001:db8::5`],
          found: [`${hostname} A 198.51.100.7`],
          message: `It leads to 198.51.100.7, and this server is 203.0.113.5. Change the record where you manage the domain.`,
        },
      }
    case '*':
      return {
        certificate: null,
        dns: {
          state: 'missing',
          expected: [record],
          found: [],
          message: 'Nothing leads to this server yet. Add a record for 203.0.113.5 where you manage the domain.',
        },
      }
    case 'old':
      return { certificate: from('uploaded', 6), dns: ok }
    case 'new':
      return { acm_status: 'pending', certificate: null, dns: ok }
    case 'fail':
      return {
        acm_status: 'failing',
        acm_status_reason:
          'The authority could not reach http://fail.example.com/.well-known/acme-challenge: connection refused.',
        certificate: null,
        dns: ok,
      }
    default:
      return { certificate: from('acme', 76), dns: ok }
  }
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
