import { quoteWord } from '../servers/shell-quote.ts'

export interface GitConfigParts {
  /** Of each server's gateway: `127.0.0.1:8801`. */
  readonly hosts: readonly string[]
  /** The user's own global configuration. git leaves out what is not there. */
  readonly userConfigs: readonly string[]
  /** The file that `renderOwnGitConfig` is for. */
  readonly ownConfig: string
}

const begin = '# >>> Hearth writes these lines anew. What is below them is yours.'
const end = '# <<<'

/**
 * The global configuration of Hearth's terminals: the user's own, and ours over it. What git or the client writes there
 * goes below and stays. The client looks for its own helper in this very file and adds it where it is missing (heroku
 * 11.10, lib/git/git.js); ours comes after it and is then the only one that is asked.
 */
export function renderGitConfig(existing: string, { hosts, userConfigs, ownConfig }: GitConfigParts): string {
  const block = [
    begin,
    ...userConfigs.map(renderInclude),
    ...hosts.map((host) => renderSection(`credential "https://${host}"`, { helper: '!heroku git:credentials' })),
    renderInclude(ownConfig),
    end,
  ]
  return `${block.join('\n')}\n${withoutBlock(existing)}`
}

/** How git comes to trust and to prove itself at each gateway, wherever it is included. */
export function renderOwnGitConfig(
  hosts: readonly string[],
  { authority, credentials }: { authority: string; credentials: string },
): string {
  const sections = hosts.map((host) => renderGitHost(host, { authority, credentials }))
  return `${sections.flatMap((entries) => entries.map(([key, values]) => renderEntry(key, values))).join('\n')}\n`
}

/** Configuration keys of one gateway and their values; an empty helper takes those away that were named before. */
export function renderGitHost(
  host: string,
  { authority, credentials }: { authority: string; credentials: string },
): readonly (readonly [key: string, values: readonly string[]])[] {
  const url = `https://${host}`
  return [
    [`credential.${url}.helper`, ['', `store --file=${quoteWord(credentials)}`]],
    [`http.${url}/.sslCAInfo`, [authority]],
    // The user may have a proxy for everything.
    [`http.${url}/.proxy`, ['']],
  ]
}

function renderEntry(key: string, values: readonly string[]): string {
  const [section = '', ...rest] = key.split('.')
  const name = rest.pop() ?? ''
  return [`[${section} "${rest.join('.')}"]`, ...values.map((value) => `\t${name} = ${quoteValue(value)}`)].join('\n')
}

function renderSection(title: string, values: Readonly<Record<string, string>>): string {
  return [`[${title}]`, ...Object.entries(values).map(([name, value]) => `\t${name} = ${quoteValue(value)}`)].join('\n')
}

function renderInclude(path: string): string {
  return renderSection('include', { path })
}

/** As git reads it back: https://git-scm.com/docs/git-config#_syntax */
function quoteValue(value: string): string {
  return `"${value.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`
}

function withoutBlock(text: string): string {
  const from = text.indexOf(begin)
  const to = text.indexOf(`${end}\n`, from)
  return from < 0 || to < 0 ? text : text.slice(0, from) + text.slice(to + end.length + 1)
}

/** For `git credential-store`: one line an address. The token has no character that a URL would need encoded. */
export function renderGitCredentials(hosts: readonly string[], token: string): string {
  return hosts.map((host) => `https://heroku:${token}@${host}\n`).join('')
}
