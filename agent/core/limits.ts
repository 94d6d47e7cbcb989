/** What one app or server may have; generous for people, tight enough that a mistake can't take the server down. */
export const limits = {
  dynosPerProcessType: 100,
  dynosPerApp: 200,
  /** Beside the formation. */
  oneOffDynosPerApp: 50,
  /** Bytes of all config vars of an app together, names and values. */
  configVarsBytes: 256 * 1024,
  /** Bytes of one config var's value. */
  configVarBytes: 64 * 1024,
  /** Log sessions that are read at once. */
  logReadersPerApp: 100,
  domainsPerApp: 100,
  /** Whom a server knows, and by how many keys each: sshd reads all of them at every login. */
  people: 500,
  keysPerPerson: 20,
  drainsPerApp: 5,
  webhooksPerApp: 20,
  /** Of an error or maintenance page, which the router holds in memory. */
  customPageBytes: 256 * 1024,
  /** Of a certificate with its chain, and of a key, each PEM. */
  certificateBytes: 64 * 1024,
  certificatesPerApp: 100,
  /** Bytes that are kept of what one build or release phase prints. */
  outputBytes: 8 * 1024 * 1024,
} as const
