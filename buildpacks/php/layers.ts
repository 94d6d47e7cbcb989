import type { LayerChoice } from '../lib/buildpack.ts'
import { platformEnvironment } from '../lib/config.ts'
import { runProgram } from '../lib/process.ts'
import type { Source } from '../lib/source.ts'
import { readComposer } from './composer-files.ts'
import { chooseExtensionPackages } from './extensions.ts'
import { chooseWebServers } from './framework.ts'
import { choosePhp } from './version.ts'

// The second keeps php-fpm from bringing all of systemd.
const base = ['php-cli', 'systemd-standalone-tmpfiles', 'php-fpm']
const ofServer = { apache2: ['apache2-bin', 'media-types'], nginx: ['nginx-light'] } as const

export async function chooseLayers(source: Source): Promise<LayerChoice> {
  const files = await readComposer(source)
  const servers = await chooseWebServers(source)
  const composer = files.manifest === null ? [] : ['composer']
  const packages = [
    ...base,
    ...composer,
    ...servers.flatMap((one) => ofServer[one]),
    ...chooseExtensionPackages(files.extensions),
  ]
  // This computer serves with PHP's own server where it has no other.
  const layer = `apt ${packages.join(' ')} for ${['php', ...composer].join(' ')}`
  const machine = source.stack === 'local' ? await askPhp() : null
  const { offer, warnings } = choosePhp({ stack: source.stack, machine, layer }, files.php)
  return { lines: [offer.layer], warnings }
}

/** `8.2.36`; null where there is none. */
export async function askPhp(): Promise<string | null> {
  const options = { directory: '/', environment: platformEnvironment, isQuiet: true }
  const found = await runProgram('php', ['-r', 'echo PHP_VERSION;'], options).catch(() => null)
  return /^\d+\.\d+\.\d+/.exec(found?.output ?? '')?.[0] ?? null
}
