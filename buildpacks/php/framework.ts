import { parseProcfile } from '../../agent/core/releases/procfile.ts'
import type { DefaultProcess } from '../lib/buildpack.ts'
import type { Source } from '../lib/source.ts'
import type { ComposerFiles } from './composer-files.ts'

export type WebServer = 'apache2' | 'nginx'

/** Which web servers the commands of the Procfile name; Apache, as on Heroku, where none does. */
export async function chooseWebServers(source: Pick<Source, 'read'>): Promise<WebServer[]> {
  const text = await source.read('Procfile')
  if (text === null) return ['apache2']
  const commands = Object.values(parseProcfile(text).processTypes).join('\n')
  return (['apache2', 'nginx'] as const).filter((server) => commands.includes(`heroku-php-${server}`))
}

interface Framework {
  readonly name: string
  readonly package: string
  /** Under the app's config vars, in the build and on dynos. */
  readonly defaults: Readonly<Record<string, string>>
}

/** As their own guides to Heroku say it. */
const frameworks: readonly Framework[] = [
  { name: 'Laravel', package: 'laravel/framework', defaults: { APP_ENV: 'production', LOG_CHANNEL: 'stderr' } },
  { name: 'Symfony', package: 'symfony/framework-bundle', defaults: { APP_ENV: 'prod', APP_DEBUG: '0' } },
]

export function findFramework({ packages }: Pick<ComposerFiles, 'packages'>): Framework | null {
  return frameworks.find((one) => packages.has(one.package)) ?? null
}

/** What the framework expects of its environment, but for what the app's config vars say. */
export function chooseDefaults(files: Pick<ComposerFiles, 'packages'>, configVars: ReadonlyMap<string, string>) {
  const defaults = Object.entries(findFramework(files)?.defaults ?? {})
  return Object.fromEntries(defaults.filter(([name]) => !configVars.has(name)))
}

/** The folder with the pages: the app itself, or the one that frameworks have the front controller in. */
export async function chooseWebProcess(source: Pick<Source, 'read' | 'names'>): Promise<DefaultProcess> {
  const command = 'heroku-php-apache2'
  if (source.names.has('index.php')) return { type: 'web', command, guessedFrom: null }
  for (const folder of ['public', 'web', 'webroot', 'htdocs', 'www'])
    if ((await source.read(`${folder}/index.php`)) !== null)
      return { type: 'web', command: `${command} ${folder}/`, guessedFrom: `${folder}/index.php` }
  return { type: 'web', command, guessedFrom: null }
}

/** What will fail only when somebody asks for a page. */
export function warnOfFramework(
  files: Pick<ComposerFiles, 'packages'>,
  configVars: ReadonlyMap<string, string>,
): string | null {
  if (findFramework(files)?.name !== 'Laravel' || configVars.has('APP_KEY')) return null
  return 'Laravel needs the config var APP_KEY: run `php artisan key:generate --show` on your machine, and set it.'
}
