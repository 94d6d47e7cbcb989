import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Build } from '../lib/build.ts'
import { quote, renderConcurrency } from '../lib/profile.ts'
import { isRails } from './framework.ts'
import { renderBundleSettings } from './install.ts'
import type { Lock } from './lock.ts'

/** Where gems and the app have their programs, as text for a shell. */
export const programPath = '$HOME/bin:$HOME/vendor/bundle/bin'

/** As on Heroku: what Ruby and Rails expect of their environment, and as many workers as the dyno has memory for. */
export async function renderRubyProfile(build: Build, lock: Lock): Promise<string> {
  const settings = Object.entries({
    ...renderBundleSettings(build),
    BUNDLE_WITHOUT: build.environment.BUNDLE_WITHOUT ?? '',
  })
  const secret = await keepSecret(build, lock)
  const defaults = {
    LANG: 'C.UTF-8',
    RACK_ENV: 'production',
    MALLOC_ARENA_MAX: '2',
    PUMA_PERSISTENT_TIMEOUT: '95',
    ...(isRails(lock)
      ? { RAILS_ENV: 'production', RAILS_SERVE_STATIC_FILES: 'enabled', RAILS_LOG_TO_STDOUT: 'enabled' }
      : {}),
    ...(secret ? { SECRET_KEY_BASE: secret } : {}),
  }
  return [
    `export PATH=${programPath}:$PATH\n`,
    ...settings.map(([name, value]) => `export ${name}=${quote(value)}\n`),
    ...Object.entries(defaults).map(([name, value]) => `export ${name}=\${${name}:-${value}}\n`),
    renderConcurrency('256', '$(( 2 * $(nproc 2>/dev/null || echo 1) ))'),
  ].join('')
}

/** Sessions must outlive a deploy, so the one that an app gets that has none of its own is the same in each of its builds. */
async function keepSecret({ cache, configVars, read }: Build, lock: Lock): Promise<string | null> {
  if (!isRails(lock) || configVars.has('SECRET_KEY_BASE') || configVars.has('RAILS_MASTER_KEY')) return null
  if ((await read('config/credentials.yml.enc')) !== null && (await read('config/master.key')) !== null) return null
  const file = path.join(cache, 'secret-key-base')
  const kept = await readFile(file, 'utf8').catch(() => '')
  if (/^[0-9a-f]{128}$/.test(kept)) return kept
  const secret = randomBytes(64).toString('hex')
  await writeFile(file, secret, { mode: 0o600 })
  return secret
}
