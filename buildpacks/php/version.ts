import { parseRange } from '../../agent/core/builds/version-range.ts'
import { chooseVersion, type VersionChoice, type VersionOffer } from '../lib/choose-version.ts'
import { toRange } from './composer-files.ts'

/** What each stack's own packages are. */
const ofStack: Readonly<Record<string, string>> = {
  'debian-12': '8.2',
  'debian-13': '8.4',
  'ubuntu-22.04': '8.1',
  'ubuntu-24.04': '8.3',
}

/** `constraint` is Composer's; `machine` the PHP of a machine that is its own stack: `8.2.36`. */
export function choosePhp(
  { stack, machine, layer }: { stack: string; machine: string | null; layer: string },
  constraint: string | null,
): VersionChoice {
  const version = ofStack[stack] ?? machine
  const own: VersionOffer | null = version ? { version, layer } : null
  const text = constraint === null ? '' : toRange(constraint)
  // What only Composer understands, Composer judges.
  const wish = text !== '' && parseRange(text)?.length ? { text, from: 'composer.json' } : null
  const advice = `Write what the server has into composer.json, for example:\n  "require": { "php": "^${/^\d+\.\d+/.exec(version ?? '')?.[0] ?? '8.2'}" }\nand run \`composer update --lock\`.`
  const choice = chooseVersion({ language: 'PHP', wish, stack: own, archives: [], advice })
  const said = `The app names no version of PHP: using ${choice.offer.version}, which may change with the server's stack.\n${advice}`
  return constraint === null ? { ...choice, warnings: [said] } : choice
}
