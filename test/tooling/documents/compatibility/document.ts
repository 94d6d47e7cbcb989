// docs/heroku-compatibility.md: made from the contract, from what is answered elsewhere, and from what the stock client did.
import { type Topic, topics } from '../../../../agent/contract/elsewhere/elsewhere.ts'
import type { Tier } from '../../../../agent/contract/endpoint.ts'
import { type EndpointName, endpoints } from '../../../../agent/contract/endpoints.ts'
import { differences } from '../../../contract/differences.ts'
import { commands } from './commands.ts'
import type { ClientResults } from './results.ts'

export const documentFile = 'docs/heroku-compatibility.md'

export function renderDocument(results: ClientResults | null): string {
  const parts = [
    introduction,
    renderCommands(results),
    renderTopics(topics),
    renderEndpoints(),
    wire,
    renderDifferences(),
  ]
  return `${parts.join('\n\n')}\n`
}

const introduction = `<!-- Made by "npm run docs" from agent/contract and test/client/results.json; edit those. -->

# What of Heroku works with Hearth

Hearth's agent speaks Heroku's [Platform API](https://devcenter.heroku.com/articles/platform-api-reference) v3: the same
paths, the same JSON, the same errors. So the stock \`heroku\` client, CI actions, Terraform and client libraries work with a
server of your own. This page says what is in, what is partly in and why, and what to use instead of what is out.

The client talks to \`127.0.0.1\` only, so it is the desktop that serves it, through its SSH connection:
\`hearth shell --server NAME\` opens a terminal in which everything is set up. Inside it, \`heroku\` means your server.`

function renderCommands(results: ClientResults | null): string {
  const versions = results?.versions ?? []
  const head = ['Command', ...versions.map((version) => `heroku ${version}`), 'Asks', 'What to know']
  // What was measured and has no entry of its own is shown all the same.
  const names = new Set([...Object.keys(commands), ...Object.keys(results?.commands ?? {})])
  const rows = [...names]
    .toSorted()
    .map((name) => [
      `\`heroku ${name}\``,
      ...versions.map((version) => describeOutcome(results?.commands[name]?.[version])),
      (commands[name]?.asks ?? []).map(describeRequest).join(', '),
      commands[name]?.note ?? '',
    ])
  const told = results
    ? `Run against a test server as it comes, by \`test/client\`, with each version of the client.`
    : 'The requests of these commands are answered as the client needs them; no run of the client itself is recorded yet.'
  return `## Commands\n\n${told}\n\n${renderTable(head, rows)}`
}

function describeRequest(name: EndpointName): string {
  const { method, path } = endpoints[name]
  return `\`${method} ${path}\``
}

function describeOutcome(outcome: string | undefined): string {
  return outcome === 'passed' ? 'yes' : outcome === 'failed' ? '**no**' : '-'
}

function renderTopics(all: readonly Topic[]): string {
  const rows = all.map(({ title, commands: names, instead }) => [
    title,
    names.map((name) => `\`${name}\``).join(' '),
    escapeCell(instead),
  ])
  return `## What is not here, and what to use instead

The agent answers such requests with 404, in Heroku's shape, and with this sentence; the client prints it.

${renderTable(['What', 'Commands', 'Instead'], rows)}`
}

const tiers: readonly { tier: Tier; title: string; text: string }[] = [
  { tier: 1, title: 'Every client needs them', text: 'Apps, what runs of them, and how it gets there.' },
  { tier: 2, title: 'Heroku’s, with a feature of Hearth’s behind', text: '' },
  { tier: 3, title: 'Heroku’s lists that are empty here', text: 'Clients ask for them in passing and go on.' },
  { tier: 'extension', title: 'Hearth’s own, in the same style', text: 'What Heroku has no word for.' },
]

function renderEndpoints(): string {
  const sections = tiers.map(({ tier, title, text }) => {
    const rows = Object.values(endpoints)
      .filter((one) => one.tier === tier)
      .map(({ method, path, needs, partly }) => {
        return [`\`${method} ${path}\``, needs === 'sealed' ? 'its secret' : needs, partly ?? ''] as const
      })
      .toSorted((a, b) => comparePaths(a[0], b[0]))
    const hasReasons = rows.some(([, , partly]) => partly !== '')
    const head = ['Request', 'Needs', ...(hasReasons ? ['Partly: why'] : [])]
    const table = renderTable(
      head,
      rows.map(([request, needs, partly]) => [request, needs, ...(hasReasons ? [escapeCell(partly)] : [])]),
    )
    return `### ${title}\n\n${text === '' ? '' : `${text}\n\n`}${table}`
  })
  return `## Requests

What a request needs is a role on the path's app, or on the whole server (\`view\`, \`deploy\`, \`operate\`, \`manage\`).

${sections.join('\n\n')}`
}

/** By path, then by method: what belongs together stands together. */
function comparePaths(a: string, b: string): number {
  const [left = '', right = ''] = [a, b].map((request) => request.replace(/^`(\w+) (.*)`$/, '$2 $1'))
  return left < right ? -1 : 1
}

const wire = `## How it travels

- **Versions**: any \`Accept: application/vnd.heroku+json; version=3.…\` is accepted and answered alike.
- **Lists** come in pages as at Heroku: \`Range: version ]12..; max=15, order=desc\` with any order and separator of options, 206
  with \`Next-Range\`, \`Content-Range\`, \`Accept-Ranges\`; 200 items when nobody says how many, 1000 at most. A range that a list
  does not offer is ignored. Different: without a range lists have their natural order (apps by name, releases by version)
  and not the order of their ids, and there is no \`Prev-Range\`.
- **ETags**: every answer has one; \`If-None-Match\` is answered with 304.
- **Methods**: \`HEAD\` is answered as \`GET\` without the body; a POST with \`X-HTTP-Method-Override\` stands for another method.
- **Errors** are \`{id, message}\`, with \`resource\` when something was not found; unknown fields of a request are refused, so that a
  typing error is not silently ignored.
- **Rate limits**: ${'`RateLimit-Remaining`'} counts down from 6,000, and 100 requests come back every second, for each key.
  \`HEARTH_REQUESTS_PER_SECOND\` in \`/etc/hearth/environment\` changes that.
- **Warnings** of the server (a disk nearly full, a reboot that is due) come as \`Warning-Message\`, which the client prints.
- **Request-Id**: each answer has an id of its own, which the agent's journal names where it failed.`

function renderDifferences(): string {
  const rows = differences.map(({ where, why }) => [`\`${where}\``, escapeCell(why)])
  return `## Where answers differ from the published schema

Every answer of a real agent is held against Heroku's published JSON schema (\`test/contract\`), strictly: no unknown field, none
missing. These are all the differences.

${renderTable(['Where', 'Why'], rows)}`
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
