import {
  chooseVersion,
  findWish,
  type VersionChoice,
  type VersionOffer,
  type VersionWish,
} from '../lib/choose-version.ts'
import type { Source } from '../lib/source.ts'
import { parseLock } from './lock.ts'

/** What each stack's own packages are. */
export const ofStack: Readonly<Record<string, string>> = {
  'debian-12': '3.1',
  'debian-13': '3.3',
  'ubuntu-22.04': '3.0',
  'ubuntu-24.04': '3.2',
}

const rubyLine = /^([ \t]*ruby[ (]+)(['"])([^'"\n]+)\2/m

/** In the order in which Heroku looks, and then where version switchers do. */
export async function findRubyWish(source: Pick<Source, 'read'>): Promise<VersionWish | null> {
  return findWish([
    async () => {
      const text = await source.read('Gemfile.lock')
      const ruby = text === null ? null : parseLock(text).ruby
      // Bundler holds nobody to the patch that was there when the lock was made, unless Gemfile names it.
      return ruby ? { text: ruby.split('.').slice(0, 2).join('.'), from: 'Gemfile.lock' } : null
    },
    async () => {
      const wanted = rubyLine.exec((await source.read('Gemfile')) ?? '')?.[3]
      return wanted ? { text: toRange(wanted), from: 'Gemfile' } : null
    },
    async () => {
      const [, version] =
        /^\s*(?:ruby-)?(\d+(?:\.\d+){0,2})\s*$/m.exec((await source.read('.ruby-version')) ?? '') ?? []
      return version ? { text: version, from: '.ruby-version' } : null
    },
    async () => {
      const [, version] = /^ruby\s+(\d+(?:\.\d+){0,2})\s*$/m.exec((await source.read('.tool-versions')) ?? '') ?? []
      return version ? { text: version, from: '.tool-versions' } : null
    },
  ])
}

/** RubyGems' `~> 3.1` is at least 3.1 and below 4, `~> 3.1.0` is 3.1. */
function toRange(wanted: string): string {
  const [, version = ''] = /^~>\s*(\d[\d.]*)$/.exec(wanted.trim()) ?? []
  if (version === '') return wanted.trim()
  const [major, minor, patch] = version.split('.')
  return patch === undefined ? `^${major}.${minor ?? 0}.0` : `~${major}.${minor}.${patch}`
}

/** `machine` is the Ruby of a machine that is its own stack: `3.1.2`. */
export function chooseRuby(
  { stack, machine, layer }: { stack: string; machine: string | null; layer: string },
  wish: VersionWish | null,
): VersionChoice {
  const version = ofStack[stack] ?? machine
  const own: VersionOffer | null = version ? { version, layer } : null
  const advice = `Write what the server has into Gemfile, for example:\n  ruby "~> ${/^\d+\.\d+/.exec(version ?? '')?.[0] ?? '3.3'}.0"`
  const choice = chooseVersion({ language: 'Ruby', wish, stack: own, archives: [], advice })
  const said = `The app names no version of Ruby: using ${choice.offer.version}, which may change with the server's stack.\n${advice}`
  return wish ? choice : { ...choice, warnings: [said] }
}

/**
 * The Gemfile for a slug that runs with another patch of the version that it names: Bundler would refuse it. Null when
 * nothing is to be changed.
 */
export function relaxGemfile(gemfile: string, running: string): string | null {
  const [major, minor] = running.split('.')
  const wanted = rubyLine.exec(gemfile)?.[3]?.trim() ?? ''
  const isOther = /^\d+\.\d+\.\d+$/.test(wanted) && wanted !== running && wanted.startsWith(`${major}.${minor}.`)
  return isOther ? gemfile.replace(rubyLine, `$1$2~> ${major}.${minor}.0$2`) : null
}
