// docs/languages.md, from what the buildpacks say of themselves.
import { globSync } from 'node:fs'
import path from 'node:path'
import { builtIns } from '../../../agent/contract/builds/built-in-buildpacks.ts'
import { commonFailures } from '../../../buildpacks/lib/failures.ts'
import type { Language } from '../../../buildpacks/lib/language.ts'
import { root } from '../repository.ts'

export const languagesFile = 'docs/languages.md'

/** In the order of detection. */
export async function readLanguages(): Promise<Language[]> {
  const files = globSync('buildpacks/*/language.ts', { cwd: root, exclude: ['buildpacks/lib/**'] })
  const modules = await Promise.all(files.map((file) => import(path.join(root, file))))
  const order = builtIns.map(({ name }) => name)
  const place = ({ buildpack }: Language) => order.indexOf(buildpack)
  return modules.map(({ language }) => language as Language).sort((a, b) => place(a) - place(b))
}

export function renderLanguages(languages: readonly Language[]): string {
  const names = languages.map(({ name }) => name)
  return `# Languages

Made from the buildpacks' own data by \`npm run docs\`; nothing here is written by hand.

Each build asks the built-in buildpacks in this order whose app it is: ${names.join(', ')}. The first that says yes builds it, and
the output names all others that would. Others, or several one after the other (each looks at what those before it made), are chosen by, in this order: the app's settings; a file
\`.buildpacks\` of the source, a name or URL a line (\`https://...git#branch-tag-or-commit\`, or a \`.tgz\`); \`buildpacks\` in its app.json. A build says
who chose, and which commit a buildpack from elsewhere is at.

A repository may hold several apps: the config var \`PROJECT_PATH\` (or \`APP_BASE\`) names the folder that is the app; the rest does not count.
An app that needs what lies around it is built where it is, and its dynos begin there: a package of a Node.js or uv workspace, a module
of a go.work, of a Gradle or Maven build, and any whose manifest names a path above it (\`replace ... => ../shared\`, \`path = "../words"\`). An image is made of the folder
alone (docs/images.md).

Builds and dynos run on a stack: the server's own release, or another that it offers (\`heroku stack:set\`, with the next build). A server
of Debian offers debian-12 and debian-13; \`HEARTH_STACKS\` in \`/etc/hearth/environment\` (\`ubuntu-24.04=http://...\`) names the archive of one of
another distribution, and behind a comma that of its security updates where that is not the usual one. Buildpacks of others find Ubuntu's releases in \`STACK\` as heroku-22 and heroku-24, which are made of them.

Everywhere: a Procfile counts before any default; \`.slugignore\` is honoured; config vars are there in the build; an
\`Aptfile\` names Debian packages of the stack, a name a line, to lie under builds and dynos (This computer installs none). Package indexes
are the tools' own, or those that a server's \`/etc/hearth/environment\` names (PIP_INDEX_URL, UV_DEFAULT_INDEX, GOPROXY,
MAVEN_MIRROR_URL and the like), where \`HEARTH_MIRRORS\` names other places for the archives of runtimes, too. Each runtime is installed once for a server, shared by its apps, and collected when none uses it.

${languages.map(renderLanguage).join('\n')}
## Failures of every language

${commonFailures.map(renderFailure).join('\n')}
`
}

function renderLanguage(language: Language): string {
  const {
    name,
    buildpack,
    detectedBy,
    versions,
    managers,
    cache,
    processes,
    hooks,
    configVars,
    failures,
    limits,
    sameEachTime,
  } = language
  const sections = [
    `## ${name}\n\n\`${buildpack}\`. Recognised by ${detectedBy.map(code).join(', ')} in the top folder.`,
    `**Version**: ${versions.sources.map((source, at) => `${at + 1}. ${source}`).join('; ')}. Without one: ${versions.byDefault}. ${versions.available}`,
    managers.length > 0 &&
      table(
        ['dependencies', 'by', 'with'],
        managers.map((one) => [one.name, one.file, one.command]),
      ),
    `**Kept from build to build**: ${cache.kept}. **Dropped by**: ${cache.droppedBy}.`,
    sameEachTime !== undefined && `**The same source and layers make the same slug**: ${sameEachTime}.`,
    processes.length > 0 &&
      table(
        ['without a Procfile', 'of', 'runs'],
        processes.map((one) => [one.type, one.of, one.command]),
      ),
    hooks.length > 0 && `**The app's own steps**: ${hooks.join('; ')}.`,
    configVars.length > 0 &&
      table(
        ['config var', 'means'],
        configVars.map((one) => [code(one.name), one.meaning]),
      ),
    limits.length > 0 && `**Not to be had**: ${limits.join('; ')}.`,
    failures.length > 0 &&
      `**Failures that it recognises** (${failures.length}):\n\n${failures.map(renderFailure).join('\n')}`,
  ]
  return `${sections.filter((section) => section !== false).join('\n\n')}\n`
}

const code = (text: string): string => `\`${text}\``

function renderFailure({ id, headline, advice }: Language['failures'][number]): string {
  return `- \`${id}\`: ${headline.replaceAll('$1', '…')} ${advice.replaceAll('$1', '…').replace(/\s*\n\s*/g, ' ')}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}
