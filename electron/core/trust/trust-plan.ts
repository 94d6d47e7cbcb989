/** One thing to do so that programs of this computer trust a server's authority, or trust it no more. */
export interface TrustStep {
  /** What it is for: "This computer's store". */
  readonly title: string
  readonly command: readonly [program: string, ...parameters: string[]]
  /** An administrator has to do it: it is printed, not run. */
  readonly needsAdministrator: boolean
}

export interface TrustPlanOptions {
  readonly platform: NodeJS.Platform
  readonly home: string
  /** Where the authority's certificate lies. */
  readonly file: string
  /** As stores show it. */
  readonly name: string
  /** SHA-256 of the certificate, without colons. */
  readonly fingerprint: string
}

type Plan = (options: TrustPlanOptions) => TrustStep[]

/** Everything that has to be done on this system, in order. */
export const planTrust: Plan = (options) => (trusting[options.platform] ?? linuxTrust)(options)
export const planDistrust: Plan = (options) => (distrusting[options.platform] ?? linuxDistrust)(options)

const anchorOf = (fingerprint: string): string =>
  `/usr/local/share/ca-certificates/hearth-${fingerprint.slice(0, 12).toLowerCase()}.crt`

const updateStore: TrustStep = {
  title: "This computer's store, renewed",
  command: ['update-ca-certificates'],
  needsAdministrator: true,
}

const linuxTrust: Plan = ({ file, fingerprint, home, name }) => [
  {
    title: "This computer's store (curl, git, Node with --use-system-ca)",
    command: ['install', '-m', '644', file, anchorOf(fingerprint)],
    needsAdministrator: true,
  },
  updateStore,
  {
    title: 'Chromium and programs alike (NSS)',
    command: ['certutil', '-d', `sql:${home}/.pki/nssdb`, '-A', '-t', 'C,,', '-n', name, '-i', file],
    needsAdministrator: false,
  },
]

const linuxDistrust: Plan = ({ fingerprint, home, name }) => [
  { title: "This computer's store", command: ['rm', '-f', anchorOf(fingerprint)], needsAdministrator: true },
  updateStore,
  {
    title: 'Chromium and programs alike (NSS)',
    command: ['certutil', '-d', `sql:${home}/.pki/nssdb`, '-D', '-n', name],
    needsAdministrator: false,
  },
]

const keychain = (home: string): string => `${home}/Library/Keychains/login.keychain-db`

const trusting: Partial<Record<NodeJS.Platform, Plan>> = {
  darwin: ({ file, home }) => [
    {
      title: 'Your keychain',
      command: ['security', 'add-trusted-cert', '-r', 'trustRoot', '-k', keychain(home), file],
      needsAdministrator: false,
    },
  ],
  win32: ({ file }) => [
    {
      title: 'Your certificates',
      command: ['certutil', '-user', '-addstore', 'Root', file],
      needsAdministrator: false,
    },
  ],
}

const distrusting: Partial<Record<NodeJS.Platform, Plan>> = {
  darwin: ({ fingerprint, home }) => [
    {
      title: 'Your keychain',
      command: ['security', 'delete-certificate', '-t', '-Z', fingerprint, keychain(home)],
      needsAdministrator: false,
    },
  ],
  win32: ({ name }) => [
    {
      title: 'Your certificates',
      command: ['certutil', '-user', '-delstore', 'Root', name],
      needsAdministrator: false,
    },
  ],
}
