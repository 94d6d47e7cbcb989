// Where our answers differ from Heroku's published schema and why; nothing else may. The list of what is in and out shows it.

export interface Json {
  [key: string]: unknown
}

type Definitions = Readonly<Record<string, Json>>

interface Difference {
  readonly where: string
  readonly why: string
  readonly change: (definitions: Definitions) => void
}

export const differences: readonly Difference[] = [
  {
    where: 'app.git_url, app.web_url',
    why: 'Their patterns name hosts of Heroku.',
    change(definitions) {
      delete fieldOf(definitions, 'app', 'git_url').pattern
      delete fieldOf(definitions, 'app', 'web_url').pattern
    },
  },
  {
    where: 'app.create_status',
    why: 'Not in the schema, and always "complete": the client prints it otherwise.',
    change(definitions) {
      const properties = definitions.app?.properties as Json
      properties.create_status = { type: ['string'] }
    },
  },
  {
    where: 'slug.buildpack_reports',
    why: 'Not in the schema: what the buildpacks’ bin/report said.',
    change(definitions) {
      const properties = definitions.slug?.properties as Json
      properties.buildpack_reports = { type: ['array'] }
    },
  },
  {
    where: 'sni-endpoint.ssl_cert.acm',
    why: 'Not in the schema, and read by the client.',
    change(definitions) {
      const endpoint = definitions['sni-endpoint']?.properties as Record<string, Json>
      const properties = endpoint.ssl_cert?.properties as Json
      properties.acm = { type: ['boolean'] }
    },
  },
  {
    where: 'domain.certificate, domain.dns',
    why: 'Not in the schema: what visitors see, and what the DNS says and should say.',
    change(definitions) {
      Object.assign(definitions.domain?.properties as Json, {
        certificate: { type: ['object', 'null'] },
        dns: { type: ['object', 'null'] },
      })
    },
  },
  {
    where: 'domain.hostname',
    why: 'The schema calls it a URI, which a host name is not.',
    change: (definitions) => delete fieldOf(definitions, 'domain', 'hostname').format,
  },
  {
    where: 'region.provider.region',
    why: 'One of Amazon’s regions there; here the server’s name.',
    change(definitions) {
      const { region } = fieldOf(definitions, 'region', 'provider').properties as Record<string, Json>
      delete region?.enum
    },
  },
  {
    where: 'account.email, *.owner.email, *.user.email',
    why: 'The name of an SSH key, `ann@laptop`: like an e-mail address, but the part behind the `@` needs no dot.',
    // Formats are checked in their fast mode, which asks for no dot.
    change: () => {},
  },
]

function fieldOf(definitions: Definitions, name: string, field: string): Json {
  const found = (definitions[name]?.definitions as Record<string, Json> | undefined)?.[field]
  if (!found) throw new Error(`The schema has no ${name}/${field} any more: look at the differences again.`)
  return found
}
