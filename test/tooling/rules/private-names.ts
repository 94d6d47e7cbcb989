// A commit must not carry names that mean something on one machine only: its paths, its mirrors, its secrets.

interface Pattern {
  what: string
  pattern: RegExp
}

const patterns: Pattern[] = [
  { what: 'a path of one machine', pattern: /(?<![\w.:~/*$}-])\/Users\/[A-Za-z]\w*\/[\w.-]+/ },
  {
    what: 'another registry than the public one',
    pattern:
      /\bregistry\s*=\s*https?:\/\/(?!registry\.npmjs\.org\b|localhost\b|127\.|[\w.-]+\.(?:example|test|invalid)(?![\w.]))[\w.-]+/,
  },
  { what: 'a private address in a URL', pattern: /https?:\/\/(?:192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+[:/]/ },
  { what: 'a token', pattern: /_authToken\s*=|\bnpm_[A-Za-z0-9]{36}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b/ },
  { what: 'a private key', pattern: /-----BEGIN (?:OPENSSH |RSA |EC )?PRIVATE KEY-----\n[A-Za-z0-9+/=]{60}/ },
]

/** What is private only here: where this checkout lies and what the package managers are sent to. */
export interface OwnNames {
  readonly hosts?: readonly string[]
  readonly folder?: string
}

export function findPrivateNames(file: string, text: string, { hosts = [], folder }: OwnNames = {}): string[] {
  const own = hosts.map((host) => ({ what: "this machine's mirror", pattern: literal(host) }))
  const here = folder === undefined ? [] : [{ what: 'a path of one machine', pattern: literal(`${folder}/`) }]
  return [...patterns, ...own, ...here].flatMap(({ what, pattern }) => {
    const found = pattern.exec(text)
    if (!found) return []
    const line = text.slice(0, found.index).split('\n').length
    return [`${file}:${line} ${what}: ${found[0].split('\n')[0]}`]
  })
}

function literal(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
}

/** Hosts that this machine's package managers are sent to, where those are not the public ones. */
export function readOwnHosts(environment: Record<string, string | undefined>): string[] {
  const urls = ['npm_config_registry', 'PIP_INDEX_URL', 'GOPROXY', 'CARGO_REGISTRIES_CRATES_IO_INDEX']
  const hosts = urls.flatMap((name) => /https?:\/\/(?:[^/@]*@)?([\w.-]+)/.exec(environment[name] ?? '')?.[1] ?? [])
  const isPublic = /^(registry\.npmjs\.org|pypi\.org|proxy\.golang\.org|localhost|127\.)/
  return hosts.filter((host) => !isPublic.test(host))
}
