import type { Domain } from '../../../agent/contract/domains/domain.ts'
import type { Server } from '../../../agent/contract/server/server.ts'
import { appOption, type Command } from '../command.ts'
import { renderTable } from '../table.ts'

const list: Command = {
  name: 'domains',
  summary: 'the host names of an app',
  options: appOption,
  async run({ values, session: open }) {
    const { agent, app } = await (await open()).app(values)
    const domains = await agent.call('listDomains', { app: app.id })
    const rows = domains.map((domain) => [
      domain.hostname,
      domain.kind === 'heroku' ? 'own' : 'custom',
      domain.dns?.state ?? '',
      describeCertificate(domain),
    ])
    const table = renderTable(['host name', 'kind', 'DNS', 'certificate'], rows, 'No domains.')
    const { router } = await agent.call('getServer', {})
    return { data: domains, text: table + domains.map(adviceOn).join('') + describeNames(router, app.name) }
  },
}

/** `acme until 2026-12-24`, or why there is none. */
function describeCertificate({ acm_status, certificate }: Domain): string {
  if (certificate) return `${certificate.origin} until ${certificate.expires_at.slice(0, 10)}`
  return acm_status ?? 'none'
}

/** Where it answers without any DNS of one's own. */
function describeNames({ names = [], port }: Server['router'], app: string): string {
  const urls = names.map((name) => `http://${name.replace('{app}', app)}${port === 80 ? '' : `:${port}`}/`)
  return urls.length === 0 ? '' : `\nBy itself it is at ${urls.join(' and ')}\n`
}

/** What to do about a domain, if anything. */
function adviceOn({ acm_status, acm_status_reason, dns, hostname }: Domain): string {
  const isWaiting = acm_status === 'failing' || acm_status === 'failed'
  const lines = [
    ...(dns?.message ? [dns.message] : []),
    ...(dns?.message && dns.expected.length > 0 ? [`It should say: ${dns.expected.join(', or ')}`] : []),
    ...(isWaiting && acm_status_reason ? [acm_status_reason] : []),
  ]
  return lines.length === 0 ? '' : `\n${hostname}\n${lines.map((line) => `  ${line}\n`).join('')}`
}

const add: Command = {
  name: 'domains add',
  parameters: 'HOST',
  summary: 'a host name of your own',
  options: appOption,
  words: [1, 1],
  async run({ words: [hostname = ''], values, session: open }) {
    const { agent, app } = await (await open()).app(values)
    const domain = await agent.call('createDomain', { app: app.id }, { hostname })
    return { data: domain, text: `${hostname} leads to ${app.name}.\n${adviceOn(domain)}` }
  },
}

const remove: Command = {
  name: 'domains remove',
  parameters: 'HOST',
  summary: 'takes a host name away',
  options: appOption,
  words: [1, 1],
  async run({ words: [hostname = ''], values, session: open }) {
    const { agent, app } = await (await open()).app(values)
    const domain = await agent.call('destroyDomain', { app: app.id, domain: hostname })
    return { data: domain, text: `${hostname} leads to ${app.name} no more.\n` }
  },
}

export const domainCommands: readonly Command[] = [list, add, remove]
