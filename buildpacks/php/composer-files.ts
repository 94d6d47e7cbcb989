import { BuildError } from '../lib/output.ts'
import type { Source } from '../lib/source.ts'

/** What composer.json and composer.lock say. */
export interface ComposerFiles {
  /** `composer.json`, or what the config var COMPOSER names. */
  readonly manifestName: string
  readonly lockName: string
  /** Null for an app without Composer. */
  readonly manifest: Json | null
  readonly lockText: string | null
  /** Packages that are installed, with their versions. */
  readonly packages: ReadonlyMap<string, string>
  /** The constraint on PHP: the lock's, else the manifest's. */
  readonly php: string | null
  /** `intl`, `pdo_pgsql`: what the app and its packages ask for, in lower case. */
  readonly extensions: ReadonlySet<string>
}

export type Json = Readonly<Record<string, unknown>>

/** Throws BuildError for files that Composer could not use either. */
export async function readComposer(source: Pick<Source, 'read' | 'configVars'>): Promise<ComposerFiles> {
  const manifestName = source.configVars.get('COMPOSER') ?? 'composer.json'
  const lockName = manifestName.replace(/\.json$/, '.lock')
  const manifest = parse(manifestName, await source.read(manifestName))
  const lockText = await source.read(lockName)
  const lock = parse(lockName, lockText)
  const required = Object.keys(readObject(manifest?.require))
  if (lock === null && required.some((name) => name.includes('/')))
    throw new BuildError(
      'composer-lock-missing',
      `The app has a ${manifestName} that requires packages, but no ${lockName}.`,
      `Run \`composer update\`, commit ${lockName}, and see that neither .gitignore nor .slugignore names it.`,
    )
  const installed = (Array.isArray(lock?.packages) ? lock.packages : []).map(readObject)
  const requirements = [
    readObject(manifest?.require),
    readObject(lock?.platform),
    ...installed.map((one) => readObject(one.require)),
  ]
  const extensions = requirements.flatMap((one) => Object.keys(one)).filter((name) => /^ext-/i.test(name))
  const php = readObject(lock?.platform).php ?? readObject(manifest?.require).php
  return {
    manifestName,
    lockName,
    manifest,
    lockText,
    packages: new Map(installed.map(({ name, version }) => [String(name), String(version).replace(/^v/, '')])),
    php: typeof php === 'string' ? php : null,
    extensions: new Set(
      extensions.map((name) =>
        name
          .slice(4)
          .toLowerCase()
          .replace(/^zend[- ]opcache$/, 'opcache'),
      ),
    ),
  }
}

function parse(name: string, text: string | null): Json | null {
  if (text === null || text.trim() === '') return null
  if (/^(<{7}|={7}|>{7})/m.test(text))
    throw new BuildError(
      'composer-conflict',
      `${name} has the marks of a merge in it.`,
      'Settle it, run `composer update --lock`, commit both files.',
    )
  try {
    return readObject(JSON.parse(text))
  } catch (error) {
    throw new BuildError(
      'composer-json',
      `${name} is not valid JSON: ${(error as Error).message}`,
      'Run `composer validate`, correct it, then deploy again.',
    )
  }
}

function readObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

/** Composer's notation of a range as ours: `~8.2` is any 8 from 8.2, `|` and `||` are or, a comma is and. */
export function toRange(constraint: string): string {
  return constraint
    .split(/\s*\|\|?\s*/)
    .map((part) =>
      part
        .replaceAll(',', ' ')
        .replace(/@\w+/g, '')
        .replace(/!=\s*\S+/g, '')
        .replace(/(\d)\.\*/g, '$1.x')
        .replace(/([<>]=?|[~^])\s+/g, '$1')
        .replace(/~(\d+(?:\.\d+)?)(?![\d.])/g, '^$1')
        .trim(),
    )
    .join(' || ')
}
