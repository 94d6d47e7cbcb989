import { BuildError } from '../lib/output.ts'
import type { Source } from '../lib/source.ts'

/** What Gemfile.lock says. */
export interface Lock {
  readonly text: string
  /** Names with versions, those of dependencies too. */
  readonly gems: ReadonlyMap<string, string>
  /** `3.3.6` of `ruby 3.3.6p108`; null for none and for other engines. */
  readonly ruby: string | null
  readonly bundler: string | null
  /** Gems of the app's own folders, whose files are no part of vendor/bundle. */
  readonly hasPaths: boolean
}

/** Throws BuildError without a lock file, and for one that can't be meant. */
export async function readLock(source: Pick<Source, 'read'>): Promise<Lock> {
  const text = await source.read('Gemfile.lock')
  if (text === null)
    throw new BuildError(
      'gemfile-lock-missing',
      'The app has a Gemfile, but no Gemfile.lock.',
      'Run `bundle install`, commit Gemfile.lock, and see that neither .gitignore nor .slugignore names it.',
    )
  if (/^(<{7}|={7}|>{7})/m.test(text))
    throw new BuildError(
      'gemfile-lock-conflict',
      'Gemfile.lock has the marks of a merge in it.',
      'Settle Gemfile, run `bundle install`, commit both.',
    )
  return parseLock(text)
}

/**
 * Bundler's own format: sections by indentation, a gem with its version at four spaces.
 *
 *     GEM
 *       remote: https://rubygems.org/
 *       specs:
 *         nokogiri (1.16.0-x86_64-linux)
 */
export function parseLock(text: string): Lock {
  const gems = [...text.matchAll(/^ {4}([\w.-]+) \(([\w.]+)(?:-[\w.-]+)?\)\r?$/gm)]
  const [, engine] = /^RUBY VERSION\s+ruby [\d.]+p?\d* \((\w+)/m.exec(text) ?? []
  const [, ruby = null] = /^RUBY VERSION\s+ruby (\d+\.\d+\.\d+)/m.exec(text) ?? []
  if (engine)
    throw new BuildError(
      'ruby-engine',
      `The app asks for ${engine}, and only Ruby's own interpreter is to be had.`,
      'Take `engine:` out of the ruby line of Gemfile, run `bundle install`, commit both.',
    )
  return {
    text,
    gems: new Map(gems.map(([, name = '', version = '']) => [name, version])),
    ruby,
    bundler: /^BUNDLED WITH\s+(\S+)/m.exec(text)?.[1] ?? null,
    hasPaths: /^PATH\r?$/m.test(text),
  }
}
