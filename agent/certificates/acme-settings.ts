import { HearthError } from '../contract/errors.ts'
import type { ProofKind } from '../core/ports/domains/certification.ts'

export interface AcmeSettings {
  readonly directory: string
  readonly email?: string
  readonly binding?: { readonly id: string; readonly secret: string }
  readonly proofs: readonly ProofKind[]
  readonly dns:
    | { readonly kind: 'exec'; readonly program: string }
    | { readonly kind: 'nsupdate'; readonly server: string; readonly keyFile: string; readonly waitMs: number }
    | null
}

/** Let's Encrypt: for everybody, without an account made before. */
const defaultDirectory = 'https://acme-v02.api.letsencrypt.org/directory'
const allProofs: readonly ProofKind[] = ['http-01', 'tls-alpn-01', 'dns-01']

/**
 * Reads `HEARTH_ACME`: `directory=URL email=me@example.com eab=ID:SECRET proofs=dns-01 dns=exec:/etc/hearth/dns` or
 * `dns=nsupdate:ns1.example.com:/etc/hearth/ddns.key:30`, the last being seconds that the other name servers take. All may be left out.
 * Throws `bad_request`.
 */
export function parseAcmeSettings(text: string): AcmeSettings {
  const words = new Map(text.split(/\s+/).filter(Boolean).map(splitWord))
  for (const name of words.keys()) {
    if (!['directory', 'email', 'eab', 'proofs', 'dns'].includes(name)) {
      throw refused(`HEARTH_ACME has no ${name}; it has directory, email, eab, proofs and dns.`)
    }
  }
  const email = words.get('email')
  return {
    directory: parseDirectory(words.get('directory') ?? defaultDirectory),
    ...(email !== undefined && { email }),
    ...parseBinding(words.get('eab')),
    proofs: parseProofs(words.get('proofs')),
    dns: parseDns(words.get('dns')),
  }
}

function splitWord(word: string): [string, string] {
  const at = word.indexOf('=')
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)]
}

/** Without TLS anybody on the way could have certificates issued: only an authority on this machine may do without. */
function parseDirectory(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isHere = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1' || url?.hostname === '[::1]'
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)) return url.href
  throw refused(`HEARTH_ACME: directory is the https address of an authority's directory, not ${text}.`)
}

function parseBinding(text: string | undefined): Pick<AcmeSettings, 'binding'> {
  if (text === undefined) return {}
  const [, id, secret] = /^([^:]+):([\w-]+)$/.exec(text) ?? []
  if (id !== undefined && secret !== undefined) return { binding: { id, secret } }
  throw refused('HEARTH_ACME: eab is ID:SECRET, as the authority gave them to you.')
}

function parseProofs(text: string | undefined): ProofKind[] {
  const names = text?.split(',') ?? allProofs
  const proofs = allProofs.filter((kind) => names.includes(kind))
  if (proofs.length === names.length) return proofs
  throw refused(`HEARTH_ACME: proofs are ${allProofs.join(', ')}, not ${text}.`)
}

function parseDns(text: string | undefined): AcmeSettings['dns'] {
  if (text === undefined) return null
  const [, program] = /^exec:(\/.+)$/.exec(text) ?? []
  if (program !== undefined) return { kind: 'exec', program }
  const [, server, keyFile, seconds] = /^nsupdate:([\w.-]+):(\/[^:]+)(?::(\d{1,3}))?$/.exec(text) ?? []
  if (server !== undefined && keyFile !== undefined) {
    return { kind: 'nsupdate', server, keyFile, waitMs: Number(seconds ?? 0) * 1000 }
  }
  throw refused(`HEARTH_ACME: dns is exec:/PROGRAM or nsupdate:SERVER:/KEY_FILE, not ${text}.`)
}

const refused = (message: string): HearthError => new HearthError('bad_request', message)
