import { BuildError } from './output.ts'

/** A way in which builds fail: how it shows in a program's output, what it means, what to do. */
export interface KnownFailure {
  /** A short stable name: `npm-eresolve`. */
  readonly id: string
  readonly pattern: RegExp
  /** One line; `$1` is the first of the pattern's groups that holds something. Here and in the advice. */
  readonly headline: string
  readonly advice: string
}

/** What fails alike in every language; a language's own failures are looked for first. */
export const commonFailures: readonly KnownFailure[] = [
  {
    id: 'out-of-disk',
    pattern: /\bENOSPC\b|No space left on device/,
    headline: "The server's disk is full.",
    advice: 'Free some space on the server, then deploy again.',
  },
  {
    id: 'self-signed-certificate',
    pattern:
      /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERTIFICATE_VERIFY_FAILED|x509: certificate signed by unknown authority|unable to get local issuer certificate|invalid peer certificate/,
    headline: 'A server that the build talks to has a certificate that this machine does not trust.',
    advice: "If your network re-signs TLS, add its authority to the server's /usr/local/share/ca-certificates.",
  },
  {
    id: 'host-not-found',
    pattern:
      /(?:ENOTFOUND|EAI_AGAIN|Could not resolve host:|dial tcp: lookup|Failed to resolve|host=)\s*(?:\S+\s+)?['"]?([\w-]+(?:\.[\w-]+)+)/,
    headline: 'The build wants to reach $1, which has no address from this server.',
    advice: 'Check the name and the network of the server. Builds that fetch fonts or files do so every time.',
  },
  {
    id: 'git-host-key',
    pattern: /Host key verification failed|Permission denied \(publickey\)/,
    headline: 'A dependency comes from a git repository that the build may not read.',
    advice: 'Use its https address, with a token from a config var if it is private.',
  },
  {
    id: 'git-login',
    pattern: /could not read (?:Username|Password) for '(\S+?)'/,
    headline: 'A dependency comes from $1, which wants a login.',
    advice: 'Is the address right? For a private repository set a token as a config var, and use it in the address.',
  },
  {
    id: 'connection-reset',
    pattern: /\b(ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|Connection reset by peer|Read timed out|i\/o timeout)\b/,
    headline: 'The connection to the package registry broke off ($1).',
    advice: 'Deploy again; what was downloaded is kept.',
  },
  {
    id: 'glibc-too-old',
    pattern: /version `(GLIBC_[\d.]+)' not found/,
    headline: 'A dependency holds a program that needs a newer system library ($1).',
    advice: 'Use an older version of the dependency, or a server with a newer release.',
  },
]

/** What a shell says of a program that SIGKILL ended; in a build nothing but the memory's limit sends it. */
const killedStatus = 137

/** Turns the end of a failed program's output into what happened and what to do. The first that fits counts. */
export function recogniseFailure(
  { status, output }: { status: number; output: string },
  known: readonly KnownFailure[],
  fallback: { id: string; headline: string; advice: string },
): BuildError {
  if (status === killedStatus) {
    const headline = 'A program of the build was killed: it used more memory than a build may have.'
    return new BuildError('out-of-memory', headline, 'Make it use less: fewer parallel jobs, a smaller heap.')
  }
  for (const { id, pattern, headline, advice } of [...known, ...commonFailures]) {
    const match = pattern.exec(output)
    if (!match) continue
    const fill = (text: string) => text.replaceAll('$1', () => match.slice(1).find(Boolean) ?? '')
    return new BuildError(id, fill(headline), fill(advice))
  }
  return new BuildError(fallback.id, fallback.headline, fallback.advice)
}
