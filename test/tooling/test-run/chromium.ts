// The real browser of the end-to-end tests: the distribution's, since playwright-core brings none. The same browser without
// the parts that draw windows comes first: nobody sees them here.
import { existsSync } from 'node:fs'

const candidates = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** `HEARTH_TEST_CHROMIUM` names another one. */
export function findChromium(environment: Record<string, string | undefined> = process.env): string | null {
  const named = environment.HEARTH_TEST_CHROMIUM
  if (named) return existsSync(named) ? named : null
  return candidates.find((file) => existsSync(file)) ?? null
}
