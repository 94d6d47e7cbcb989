import { HearthError } from '../../../agent/contract/errors.ts'
import type { Transport } from '../ports/transport.ts'
import type { PreflightCheck } from './event.ts'

/** Runs as whoever logs in: it needs no rights and changes nothing. */
const probe = `
. /etc/os-release
echo "os_id=$ID"
echo "os_version=$VERSION_ID"
echo "os_name=$PRETTY_NAME"
echo "machine=$(uname -m)"
echo "init=$(cat /proc/1/comm)"
echo "systemd=$(systemctl --version 2>/dev/null | sed -n '1s/[^0-9]*\\([0-9]*\\).*/\\1/p')"
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then echo "groups=2"; echo "limits=$(cat /sys/fs/cgroup/cgroup.controllers)"
else echo "groups=1"; echo "limits=$(ls /sys/fs/cgroup | tr '\\n' ' ')"; fi
echo "disk_kib=$(df -Pk /var/lib | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)"
echo "memory_kib=$(sed -n 's/MemTotal: *\\([0-9]*\\).*/\\1/p' /proc/meminfo)"
echo "now=$(date +%s)"
echo "uid=$(id -u)"
if [ "$(id -u)" = 0 ]; then echo sudo=root
elif ! command -v sudo >/dev/null; then echo sudo=none
elif sudo -n true 2>/dev/null; then echo sudo=free
else echo sudo=password; fi
echo "router=$(systemctl is-active hearth-router.socket 2>/dev/null)"
echo "version=$(readlink /usr/lib/hearth/current)"
if grep -qs '^ENABLED=yes' /etc/ufw/ufw.conf; then echo firewall=ufw
elif [ "$(systemctl is-active firewalld 2>/dev/null)" = active ]; then echo firewall=firewalld; fi
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi 2>/dev/null; }
as_root firewall-cmd --list-all | sed -n 's/^ *\\(services\\|ports\\): //p' | tr ' ' '\\n' | sed 's/^/lets_in=/'
as_root ufw status |
  sed -n 's/^\\([0-9A-Za-z][^ ]*\\( [A-Z][a-z]*\\)\\{0,1\\}\\)  *ALLOW.*/lets_in=\\1/p'
sed -n 's/^ *[0-9]*: [0-9A-F]*:\\([0-9A-F]*\\) [0-9A-F:]* 0A .*/listens=\\1/p' /proc/net/tcp /proc/net/tcp6 2>/dev/null
`

/** What a machine is, as found before anything is changed. */
export interface MachineFacts {
  readonly osId: string
  readonly osVersion: string
  readonly osName: string
  readonly machine: string
  readonly init: string
  readonly systemdVersion: number
  /** The version of the kernel's control groups, and what they can limit. */
  readonly groups: 1 | 2
  readonly limits: readonly string[]
  readonly diskFreeBytes: number
  readonly memoryBytes: number
  readonly clockMs: number
  readonly sudo: 'root' | 'free' | 'password' | 'none'
  readonly listeningPorts: readonly number[]
  readonly firewall: 'ufw' | 'firewalld' | null
  /** What it lets in, in its own words (`80/tcp`, `Nginx Full`, `http`); none where we may not ask. */
  readonly letIn: readonly string[]
  /** Our own router holds port 80 already. */
  readonly hasRouter: boolean
  /** The version that is installed; null on a fresh machine. */
  readonly installedVersion: string | null
}

export async function inspectMachine(transport: Transport, signal: AbortSignal): Promise<MachineFacts> {
  const { status, stdout, stderr } = await transport.exec(['sh', '-c', probe], { signal })
  if (status !== 0 && stdout === '') {
    throw new HearthError(
      'unavailable',
      `The server does not run commands for us: ${stderr.trim().replace(/\.$/, '') || `status ${status}`}.`,
    )
  }
  return parseProbe(stdout)
}

export function parseProbe(text: string): MachineFacts {
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.indexOf('=')
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : []
  })
  const facts = new Map(pairs)
  const read = (name: string) => facts.get(name) ?? ''
  const sudo = read('sudo')
  return {
    osId: read('os_id'),
    osVersion: read('os_version'),
    osName: read('os_name'),
    machine: read('machine'),
    init: read('init'),
    systemdVersion: Number(read('systemd')),
    groups: read('groups') === '2' ? 2 : 1,
    limits: read('limits').split(' ').filter(Boolean),
    diskFreeBytes: Number(read('disk_kib')) * 1024,
    memoryBytes: Number(read('memory_kib')) * 1024,
    clockMs: Number(read('now')) * 1000,
    sudo: sudo === 'root' || sudo === 'free' || sudo === 'password' ? sudo : 'none',
    firewall: read('firewall') === 'ufw' ? 'ufw' : read('firewall') === 'firewalld' ? 'firewalld' : null,
    letIn: pairs.filter(([name]) => name === 'lets_in').map(([, place]) => place),
    listeningPorts: [
      ...new Set(pairs.filter(([name]) => name === 'listens').map(([, port]) => Number.parseInt(port, 16))),
    ],
    hasRouter: read('router') === 'active',
    installedVersion: /([^/]+)$/.exec(read('version'))?.[1] ?? null,
  }
}

const tested = ['debian 12', 'debian 13', 'ubuntu 22.04', 'ubuntu 24.04']
const gibibyte = 2 ** 30
const architectures: Record<string, 'x64' | 'arm64'> = { x86_64: 'x64', aarch64: 'arm64' }

export function architectureOf(facts: MachineFacts): 'x64' | 'arm64' | null {
  return architectures[facts.machine] ?? null
}

/** Every check with what was found and, unless all is well, what to do. Pure. */
export function judge(
  facts: MachineFacts,
  now: { readonly ms: number; readonly hasSudoPassword: boolean },
): PreflightCheck[] {
  return [
    judgeSystem(facts),
    check('architecture', facts.machine, architectureOf(facts) ? null : failed('Hearth runs on x86_64 and aarch64.')),
    judgeSystemd(facts),
    judgeLimits(facts),
    judgeRoot(facts, now.hasSudoPassword),
    judgeDisk(facts),
    judgeMemory(facts),
    judgePort(facts, 80),
    judgePort(facts, 443),
    judgeFirewall(facts),
    judgeClock(facts, now.ms),
  ]
}

type Problem = Pick<PreflightCheck, 'state' | 'remedy'> | null
const failed = (remedy: string): Problem => ({ state: 'failed', remedy })
const warning = (remedy: string): Problem => ({ state: 'warning', remedy })

function check(name: string, found: string, problem: Problem): PreflightCheck {
  return { name, found, ...(problem ?? { state: 'passed', remedy: null }) }
}

function judgeSystem({ osId, osVersion, osName }: MachineFacts): PreflightCheck {
  const family = ['debian', 'ubuntu'].includes(osId)
  const problem = !family
    ? failed('Use Debian 12 or 13, or Ubuntu 22.04 or 24.04.')
    : tested.includes(`${osId} ${osVersion}`)
      ? null
      : warning('Hearth is tested on Debian 12 and 13, Ubuntu 22.04 and 24.04. It may work here.')
  return check('operating system', osName || 'unknown', problem)
}

function judgeSystemd({ init, systemdVersion }: MachineFacts): PreflightCheck {
  if (init !== 'systemd') return check('systemd', `process 1 is ${init || 'unknown'}`, failed('Hearth needs systemd.'))
  const problem =
    systemdVersion >= 252
      ? null
      : systemdVersion >= 249
        ? warning(
            'Every protection of dynos is known to this version, but most of Hearth is tested with 252 and newer.',
          )
        : failed('Hearth needs systemd 249, better 252, or newer: update the operating system.')
  return check('systemd', String(systemdVersion), problem)
}

/** Without a controller systemd takes the limits all the same, and nothing keeps them. */
function judgeLimits({ groups, limits }: MachineFacts): PreflightCheck {
  const missing = ['cpu', 'memory', 'pids'].filter((name) => !limits.includes(name))
  const one =
    groups === 1
      ? '; of a dyno that is out of memory one process may be ended and not the whole, and dynos may use its swap'
      : ''
  const remedy = `Nothing limits what one app takes from the others in ${missing.join(', ')}. Boot a kernel that does: with cgroup_enable=memory on its command line, for instance, as a Raspberry Pi needs.`
  return check('limits', `control groups version ${groups}${one}`, missing.length > 0 ? warning(remedy) : null)
}

function judgeRoot({ sudo }: MachineFacts, hasPassword: boolean): PreflightCheck {
  switch (sudo) {
    case 'root':
      return check('rights', 'root', null)
    case 'free':
      return check('rights', 'sudo without a password', null)
    case 'password':
      return check('rights', 'sudo with a password', hasPassword ? null : failed("Give the user's password for sudo."))
    case 'none':
      return check('rights', 'no sudo', failed('Log in as root, or as a user who may use sudo.'))
  }
}

function judgeDisk({ diskFreeBytes }: MachineFacts): PreflightCheck {
  const problem =
    diskFreeBytes < 2 * gibibyte
      ? failed('Free at least 2 GiB on the disk of /var/lib.')
      : diskFreeBytes < 5 * gibibyte
        ? warning('Stack, layers and slugs want 5 GiB or more.')
        : null
  return check('disk', `${inGibibytes(diskFreeBytes)} free`, problem)
}

function judgeMemory({ memoryBytes }: MachineFacts): PreflightCheck {
  const problem =
    memoryBytes < 0.4 * gibibyte
      ? failed('Use a machine with 512 MiB or more.')
      : memoryBytes < 0.9 * gibibyte
        ? warning('Builds of larger apps want 1 GiB or more.')
        : null
  return check('memory', inGibibytes(memoryBytes), problem)
}

function judgePort({ listeningPorts, hasRouter }: MachineFacts, port: 80 | 443): PreflightCheck {
  if (!listeningPorts.includes(port)) return check(`port ${port}`, 'free', null)
  if (port === 80 && hasRouter) return check('port 80', "Hearth's own router", null)
  const remedy = `Another program listens on port ${port}; "ss -ltnp" on the server names it. Stop it or move it.`
  return check(`port ${port}`, 'in use', port === 80 ? failed(remedy) : warning(remedy))
}

// `80`, `80/tcp`, `80,443/tcp`, the names that Debian's web servers bring, and firewalld's own.
const webPorts = /^(80|80,443)(\/tcp)?$|^(Nginx|Apache|WWW) Full$|^http$/
const opening = {
  ufw: 'sudo ufw allow 80,443/tcp',
  firewalld:
    'sudo firewall-cmd --permanent --add-service=http --add-service=https, then sudo firewall-cmd --reload (in the zone of the outer interface)',
} as const

/** What comes from outside passes it before it comes to the router. What dynos send passes it by the agent's doing. */
function judgeFirewall({ firewall, letIn }: MachineFacts): PreflightCheck {
  if (firewall === null) return check('firewall', 'none that we know', null)
  const remedy = `See that web traffic comes in: ${opening[firewall]}. Otherwise only this computer reaches the apps, through SSH.`
  return check('firewall', firewall, letIn.some((place) => webPorts.test(place)) ? null : warning(remedy))
}

function judgeClock({ clockMs }: MachineFacts, nowMs: number): PreflightCheck {
  const seconds = Math.round((clockMs - nowMs) / 1000)
  const found = Math.abs(seconds) <= 5 ? 'right' : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`
  const remedy = 'Set the clock, for instance with "timedatectl set-ntp true": logs and certificates depend on it.'
  return check('time', found, Math.abs(seconds) > 60 ? warning(remedy) : null)
}

function inGibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`
}
