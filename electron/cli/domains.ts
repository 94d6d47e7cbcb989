import { appOption, type Command } from './command.ts'
import { renderTable } from './table.ts'

const list: Command = {
  name: 'domains',
  summary: 'the host names of an app',
  options: appOption,
  async run({ values, session: open }) {
    const { agent, app } = await (await open()).app(values)
    const domains = await agent.call('listDomains', { app: app.id })
    const rows = domains.map(({ hostname, kind, cname }) => [
      hostname,
      kind === 'heroku' ? 'own' : 'custom',
      cname ?? '',
    ])
    return { data: domains, text: renderTable(['host name', 'kind', 'its DNS record points to'], rows, 'No domains.') }
  },
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
    const record = domain.cname === null ? '' : ` Point its DNS record to ${domain.cname}.`
    return { data: domain, text: `${hostname} leads to ${app.name}.${record}\n` }
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
