/** What became of an image, by what podman said last; one sentence, and what to do about it. */
interface Explanation {
  readonly pattern: RegExp
  readonly say: (match: RegExpExecArray) => string
}

const server = (match: RegExpExecArray, index = 1) => match[index] ?? 'the registry'

// podman 4.3 to 5.4, buildah and containers/image in them. The exit status says that it failed; this only says why.
const explanations: readonly Explanation[] = [
  {
    pattern: /no space left on device/,
    say: () => "The server's disk became full.\nFree some space, or give the server a larger disk.",
  },
  {
    pattern: /dial tcp: lookup ([\w.-]+).*(?:no such host|server misbehaving|Temporary failure)/,
    say: (m) =>
      `The registry ${server(m)} is not known: no such host.\nCheck its name in FROM, or the server's name servers.`,
  },
  {
    pattern: /pinging container registry ([\w.:[\]-]+):.*(?:x509|certificate|tls:)/,
    say: (m) =>
      `The registry ${server(m)} shows a certificate that this server does not trust.\nGive the server its authority, or allow it in /etc/containers/registries.conf.d.`,
  },
  {
    pattern: /pinging container registry ([\w.:[\]-]+):.*HTTP response to HTTPS client/,
    say: (m) =>
      `The registry ${server(m)} speaks http only.\nAllow that on the server in /etc/containers/registries.conf.d: [[registry]] location = "${server(m)}" insecure = true`,
  },
  {
    pattern:
      /(?:pinging container registry|initializing source docker:\/\/) ?([\w.:[\]-]+).*(?:connection refused|i\/o timeout|no route to host|network is unreachable|EOF|connection reset|context deadline)/,
    say: (m) =>
      `The registry ${server(m)} could not be reached.\nIs it up, and may builds go there? Places on the local network are allowed by HEARTH_BUILD_ALLOW in /etc/hearth/environment.`,
  },
  {
    pattern:
      /(?:reading manifest (\S+) in (\S+):|initializing source docker:\/\/()(\S+):).*(?:unauthorized|denied|authentication required|401|403)/,
    say: (m) =>
      `The registry wants a login for ${m[2] ?? m[4] ?? 'the image'}, or there is no such image.\nCheck the name, or give the app a login: hearth config set HEARTH_REGISTRY_LOGIN=user:password@registry.example`,
  },
  {
    pattern: /reading manifest (\S+) in (\S+):.*(?:manifest unknown|name unknown|not found|404)/,
    say: (m) =>
      `There is no image ${m[2]}:${m[1]} in its registry.\nCheck its name and tag.`.replace(`:sha256`, '@sha256'),
  },
  {
    pattern: /no image found in (?:manifest list|image index) for architecture "?(\w+)/,
    say: (m) =>
      `The image is not made for this server (${m[1]}).\nBuild it for this architecture too, or take another image.`,
  },
  {
    pattern:
      /(?:writing|reading|storing|copying)[^\n]*(?:blob|image)[^\n]*(?:EOF|connection reset|i\/o timeout|connection refused)/,
    say: () =>
      'The connection to the registry broke before the image was there.\nDeploy again when the registry is well.',
  },
  {
    pattern: /exec format error/i,
    say: () =>
      'A program of the image is made for another architecture than this server.\nTake a base image that has this one too.',
  },
  {
    pattern: /no items matching glob "([^"]*)" copied \(\d+ filtered out/,
    say: (m) => `COPY found ${tail(m[1])} excluded by .dockerignore.\nTake it out of .dockerignore, or don't copy it.`,
  },
  {
    pattern: /building at STEP "((?:COPY|ADD) [^"]*)"(?:.*stat: "([^"]*)": no such file|.*no such file or directory)/,
    say: (m) =>
      `${m[1]} failed: ${tail(m[2]) || 'a file'} is not in the source.\nPaths count from the folder of the Dockerfile. Is the file ignored by git or .dockerignore?`,
  },
  {
    pattern: /building at STEP "(RUN [^"]*)".*exit status (\d+)/,
    say: (m) => `${cut(m[1])} failed with status ${m[2]}.\nWhat it printed stands above.`,
  },
  {
    pattern:
      /(?:unknown instruction|Unknown instruction|dockerfile parse error|no build stage|unknown flag|no FROM statement)[^\n]*/,
    say: (m) => `The Dockerfile can't be read: ${m[0].slice(0, 200)}.`,
  },
  {
    pattern: /building at STEP "([^"]*)": (.*)/,
    say: (m) => `${cut(m[1])} failed: ${(m[2] ?? '').slice(0, 300)}.`,
  },
]

/** `said`: the end of what podman printed. Null when nothing of it is known. */
export function explainImageFailure(said: string): string | null {
  for (const { pattern, say } of explanations) {
    const match = pattern.exec(said)
    if (match) return say(match)
  }
  return null
}

const cut = (step = '') => (step.length > 120 ? `${step.slice(0, 117)}...` : step)
/** podman names files by where they lie in the sandbox. */
const tail = (file = '') => file.replace(/^\/hearth\/source\//, '').replace(/^\//, '')
