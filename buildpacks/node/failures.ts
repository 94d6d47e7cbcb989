import { BuildError } from '../lib/output.ts'

interface KnownFailure {
  readonly id: string
  readonly pattern: RegExp
  /** `$1` is the pattern's first group. */
  readonly headline: string
  readonly advice: string
}

/** What package managers and build scripts say, and what it means. The first that fits counts. */
const knownFailures: readonly KnownFailure[] = [
  {
    id: 'out-of-disk',
    pattern: /\bENOSPC\b/,
    headline: "The server's disk is full.",
    advice: 'Free some space on the server, then deploy again.',
  },
  {
    id: 'heap-out-of-memory',
    pattern: /JavaScript heap out of memory/,
    headline: 'The build ran out of memory.',
    advice:
      'Give Node a larger heap with the config var NODE_OPTIONS=--max-old-space-size=3072, or make the build use less.',
  },
  {
    id: 'self-signed-certificate',
    pattern: /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
    headline: 'A server that the build talks to has a certificate that this machine does not trust.',
    advice: "If your network re-signs TLS, add its authority to the server's /usr/local/share/ca-certificates.",
  },
  {
    id: 'host-not-found',
    pattern: /(?:ENOTFOUND|EAI_AGAIN|Could not resolve host:)\s+(?:\S+\s+)?([\w-]+(?:\.[\w-]+)+)/,
    headline: 'The build wants to reach $1, which has no address from this server.',
    advice: 'Check the name and the network of the server. Builds that fetch fonts or files do so every time.',
  },
  {
    id: 'npm-lock-out-of-sync',
    pattern:
      /`npm ci` can only install packages when your package\.json and package-lock\.json|npm (?:ERR!|error) code EUSAGE/,
    headline: 'package-lock.json does not match package.json.',
    advice: 'Run `npm install`, commit package-lock.json, then deploy again.',
  },
  {
    id: 'yarn-lock-out-of-date',
    pattern: /Your lockfile needs to be updated|YN0028/,
    headline: 'yarn.lock does not match package.json.',
    advice: 'Run `yarn install`, commit yarn.lock, then deploy again.',
  },
  {
    id: 'pnpm-lock-out-of-date',
    pattern: /ERR_PNPM_OUTDATED_LOCKFILE/,
    headline: 'pnpm-lock.yaml does not match package.json.',
    advice: 'Run `pnpm install`, commit pnpm-lock.yaml, then deploy again.',
  },
  {
    id: 'npm-eresolve',
    pattern: /npm (?:ERR!|error) code ERESOLVE/,
    headline: 'The dependencies contradict each other.',
    advice: 'npm names the two packages above. Change one of their versions, run `npm install`, commit the lock file.',
  },
  {
    id: 'npm-version-not-found',
    pattern: /npm (?:ERR!|error) notarget No matching version found for (\S+?)\.?\s/,
    headline: 'No published version fits $1.',
    advice: 'Correct the version in package.json, run `npm install`, commit both files.',
  },
  {
    id: 'npm-package-not-found',
    pattern: /npm (?:ERR!|error) 404\s+(?:Not Found - GET |')?(\S+?)'? /,
    headline: 'A package is not in the registry: $1.',
    advice: 'Check its name. A private package needs a token in .npmrc, from a config var.',
  },
  {
    id: 'npm-bad-platform',
    pattern: /npm (?:ERR!|error) code EBADPLATFORM/,
    headline: 'A dependency is not made for Linux on this processor.',
    advice: 'Move it to optionalDependencies, or remove it.',
  },
  {
    id: 'npm-engine',
    pattern: /npm (?:ERR!|error) code EBADENGINE/,
    headline: 'A dependency needs another version of Node.js.',
    advice: 'Change engines.node in package.json to one that all dependencies take.',
  },
  {
    id: 'git-host-key',
    pattern: /Host key verification failed|Permission denied \(publickey\)/,
    headline: 'A dependency comes from a git repository that the build may not read.',
    advice: 'Use its https address, with a token from a config var if it is private.',
  },
  {
    id: 'git-missing-repository',
    pattern: /npm (?:ERR!|error) code 128/,
    headline: 'A dependency that comes from git could not be fetched.',
    advice: 'Check its address and that it is public.',
  },
  {
    id: 'connection-reset',
    pattern: /\b(ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/,
    headline: 'The connection to the package registry broke off ($1).',
    advice: 'Deploy again; what was downloaded is kept.',
  },
  {
    id: 'glibc-too-old',
    pattern: /version `(GLIBC_[\d.]+)' not found/,
    headline: 'A dependency holds a program that needs a newer system library ($1).',
    advice: 'Use an older version of the dependency, or a server with a newer release.',
  },
  {
    id: 'openssl-unsupported',
    pattern: /ERR_OSSL_EVP_UNSUPPORTED/,
    headline: 'An old build tool uses a digest that OpenSSL 3 no longer has.',
    advice: 'Update webpack to 5.61 or newer, or set the config var NODE_OPTIONS=--openssl-legacy-provider.',
  },
  {
    id: 'missing-module',
    pattern: /Cannot find (?:module|package) '([^'./][^']*)'/,
    headline: "The build needs the package '$1', which is not among the dependencies.",
    advice: 'Add it to package.json with `npm install`, commit both files.',
  },
  {
    id: 'command-not-found',
    pattern: /sh: (?:\d+: )?([\w@./-]+): (?:command )?not found/,
    headline: "A script calls '$1', which is not installed.",
    advice: 'Add the package that has it to package.json with `npm install`, commit both files.',
  },
]

/** What a shell and npm say of a program that SIGKILL ended; in a build nothing but the memory's limit sends it. */
const killedStatus = 137

/** Turns the end of a failed program's output into what happened and what to do. */
export function recogniseFailure(
  { status, output }: { status: number; output: string },
  fallback: { id: string; headline: string; advice: string },
): BuildError {
  if (status === killedStatus) {
    const headline = 'A program of the build was killed: it used more memory than a build may have.'
    return new BuildError('out-of-memory', headline, 'Make it use less: fewer parallel jobs, a smaller heap.')
  }
  for (const { id, pattern, headline, advice } of knownFailures) {
    const match = pattern.exec(output)
    if (match) return new BuildError(id, headline.replace('$1', match[1] ?? ''), advice)
  }
  return new BuildError(fallback.id, fallback.headline, fallback.advice)
}
