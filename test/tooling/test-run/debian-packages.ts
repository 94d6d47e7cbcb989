// The Debian packages that tests need, in one list, and what is missing of them on this machine.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

export const testPackages = [
  'ca-certificates',
  'chromium-headless-shell', // tests in a real browser, at half of what the one with a window costs
  'dash', // one of the shells that are set up for the heroku client
  'dbus', // transient units over D-Bus
  'fish',
  'fonts-dejavu-core', // what the browser draws the screens with
  'fonts-liberation',
  'fonts-noto-color-emoji',
  'git', // buildpacks by URL, this repository's own history
  'iproute2', // network namespaces and bridges of the test servers
  'mmdebstrap', // the root file system of the test servers and of stacks
  'nftables',
  'openssh-client',
  'openssh-server', // a real sshd under the ssh tests
  'procps',
  'python3-venv', // a Python app on This computer
  'strace', // which connections the heroku client tries
  'systemd-container', // systemd-nspawn: the test servers
  'user-mode-linux', // a kernel of its own: version 2 of the groups, whatever this machine has
  'uidmap', // user namespaces of the embedded server
  'zsh',
  'zstd',
]

export type Preparation =
  | { kind: 'ready'; installed: string[] }
  /** Tests that need these packages have to be left out. */
  | { kind: 'incomplete'; missing: string[]; why: string }

export function prepareDebian(say: (line: string) => void): Preparation {
  if (!isDebian(readOsRelease()))
    return { kind: 'incomplete', missing: testPackages, why: 'this is not a Debian machine' }
  const missing = findMissing(testPackages, listInstalled(testPackages))
  if (missing.length === 0) return { kind: 'ready', installed: [] }
  if (process.getuid?.() !== 0) return { kind: 'incomplete', missing, why: 'only root can install Debian packages' }
  say(`Installing the Debian packages that the tests need: ${missing.join(' ')}`)
  const failure = install(missing)
  if (failure !== null) return { kind: 'incomplete', missing, why: failure }
  return { kind: 'ready', installed: missing }
}

export function isDebian(osRelease: string): boolean {
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(osRelease)
}

function readOsRelease(): string {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
}

/** dpkg-query's exit code only says that some are unknown, so its output is what counts. */
function listInstalled(packages: string[]): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const format = '--showformat=${Package} ${db:Status-Status}\\n'
  return spawnSync('dpkg-query', ['--show', format, ...packages], { encoding: 'utf8' }).stdout ?? ''
}

/** `installed` has one line a package, as in `zstd installed` or `chromium config-files`. */
export function findMissing(packages: string[], installed: string): string[] {
  const present = new Set(installed.split('\n').map((line) => line.trim()))
  return packages.filter((name) => !present.has(`${name} installed`))
}

function install(packages: string[]): string | null {
  // RUNLEVEL=1: a package's service is not started; tests start their own sshd.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  for (const parameters of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', ...packages],
  ]) {
    const { status, stdout, stderr, error } = spawnSync('apt-get', parameters, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (status !== 0) return `apt-get ${parameters[0]} failed: ${error?.message ?? lastLines(stderr || stdout)}`
  }
  return null
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n')
}
