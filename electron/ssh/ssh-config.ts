/** What `ssh -G HOST` says of one host, as far as it matters here. */
export interface SshHostConfig {
  readonly hostname: string
  readonly user: string
  readonly port: number
  readonly proxyJump: string | null
  readonly proxyCommand: string | null
  /** A socket of an agent that the configuration names; null for the usual one. */
  readonly identityAgent: string | null
  readonly pkcs11Provider: string | null
  readonly identityFiles: readonly string[]
}

/**
 * One option a line, its name in lower case: `hostname 203.0.113.9`, `proxyjump bob@jump:2200`, `identityfile
 * ~/.ssh/id_ed25519` (several). What is not set is left out, or `none`.
 */
export function parseSshConfig(text: string, home: string): SshHostConfig {
  const options = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const at = line.indexOf(' ')
    if (at > 0) options.set(line.slice(0, at), [...(options.get(line.slice(0, at)) ?? []), line.slice(at + 1).trim()])
  }
  const read = (name: string) => options.get(name)?.[0] ?? ''
  const orNull = (name: string) => (['', 'none'].includes(read(name)) ? null : read(name))
  const agent = orNull('identityagent')
  return {
    hostname: read('hostname'),
    user: read('user'),
    port: Number(read('port')),
    proxyJump: orNull('proxyjump'),
    proxyCommand: orNull('proxycommand'),
    identityAgent: agent === 'SSH_AUTH_SOCK' ? null : agent,
    pkcs11Provider: orNull('pkcs11provider'),
    identityFiles: (options.get('identityfile') ?? []).map((path) => path.replace(/^~(?=\/)/, home)),
  }
}

/** What of it only the system's ssh does, as a sentence; null when the SSH inside Hearth gets there as well. */
export function explainNeed(
  host: string,
  config: SshHostConfig,
  found: { readonly areAllKeysHardware: boolean; readonly agentSocket: string | null },
): string | null {
  const wants = [
    config.proxyJump && `reaches it through ${config.proxyJump} (ProxyJump)`,
    config.proxyCommand && 'reaches it through a command of its own (ProxyCommand)',
    config.hostname.toLowerCase() !== host.toLowerCase() && `has its address, ${config.hostname} (HostName)`,
    found.areAllKeysHardware && 'logs in with a hardware key (FIDO)',
    config.pkcs11Provider && 'logs in with a smart card (PKCS11Provider)',
    config.identityAgent && config.identityAgent !== found.agentSocket && 'names another agent (IdentityAgent)',
  ].filter((want) => typeof want === 'string')
  return wants.length === 0 ? null : `Your ssh configuration for ${host} ${wants.join(' and ')}.`
}
