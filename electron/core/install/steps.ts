import type { AgentBundle } from './bundle.ts'
import { layout, loginUser, packages, routerUser } from './layout.ts'
import type { RootShell } from './root-shell.ts'
import { sendBundle } from './send-bundle.ts'
import { type RenderedFile, renderEnvironment, renderUnits } from './units.ts'

export interface StepContext {
  readonly shell: RootShell
  readonly bundle: AgentBundle
  /** The desktop's public key, as one line. */
  readonly publicKey: string
  /** For the agent's unit: a registry, a proxy. */
  readonly environment: Readonly<Record<string, string>>
  readonly onProgress: (done: number, total: number) => void
}

export interface Step {
  readonly title: string
  /** Returns a word on what came of it; `skipped: true` when there was nothing to do. */
  readonly run: (context: StepContext) => Promise<{ message?: string; isSkipped?: boolean }>
}

/** An installation, repair or upgrade. Each step may be repeated: what is there already is left or put right. */
export const installSteps: readonly Step[] = [
  { title: 'Install packages', run: installPackages },
  { title: 'Create users and folders', run: createUsers },
  { title: 'Send the agent', run: send },
  { title: 'Set up services', run: writeUnits },
  { title: 'Let this desktop in', run: authorize },
  { title: 'Make the stack', run: makeStack },
  { title: 'Start the agent', run: start },
]

const missingScript = `for name in "$@"; do
  dpkg-query -W -f '\${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || echo "$name"
done`

async function installPackages({ shell }: StepContext) {
  const { stdout } = await shell.script('look for packages', missingScript, packages)
  const missing = stdout.split('\n').filter(Boolean)
  if (missing.length === 0) return { isSkipped: true, message: 'All are there.' }
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=120']
  await shell.run('update the list of packages', [...apt, 'update'], { isShown: true })
  const options = ['--no-install-recommends', '-o', 'Dpkg::Use-Pty=0']
  await shell.run('install packages', [...apt, 'install', ...options, ...missing], { isShown: true })
  return { message: missing.join(', ') }
}

const usersScript = `
getent group ${loginUser} >/dev/null || groupadd --system ${loginUser}
getent passwd ${loginUser} >/dev/null || useradd --system --gid ${loginUser} --home-dir ${layout.home} --create-home --shell /bin/sh ${loginUser}
# No password opens it, yet the account is not locked: sshd refuses locked ones where it does without PAM.
usermod --password '*' ${loginUser}
getent passwd ${routerUser} >/dev/null || useradd --system --user-group --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin ${routerUser}
# To reach the router's socket; the router itself may reach nothing of ours.
usermod --append --groups ${routerUser} ${loginUser}
install -d -m 755 ${layout.base} ${layout.versions}
install -d -m 711 ${layout.state}
install -d -m 710 -o root -g ${loginUser} ${layout.keys}
install -d -m 755 -o ${loginUser} -g ${loginUser} ${layout.home}
install -d -m 700 -o ${loginUser} -g ${loginUser} ${layout.home}/.ssh
# The forced command runs as the login user and mints tokens with this key; all other keys are root's alone.
if [ ! -s ${layout.keys}/mint.key ]; then
  (umask 077; head -c 32 /dev/urandom | base64 > ${layout.keys}/mint.key)
fi
chown root:${loginUser} ${layout.keys}/mint.key
chmod 640 ${layout.keys}/mint.key
`

async function createUsers({ shell }: StepContext) {
  await shell.script('create users and folders', usersScript)
  return {}
}

async function send({ shell, bundle, onProgress }: StepContext) {
  const outcome = await sendBundle(shell, bundle, onProgress)
  return { message: bundle.version, isSkipped: outcome === 'present' }
}

async function writeUnits({ shell, environment }: StepContext) {
  for (const file of renderUnits()) await writeFile(shell, file, '644')
  if (Object.keys(environment).length > 0) {
    await writeFile(shell, { path: layout.environment, text: renderEnvironment(environment) }, '600')
  }
  await shell.run('read the new units', ['systemctl', 'daemon-reload'])
  const sockets = ['hearth-router.socket', 'hearth-router-tls.socket']
  const units = ['hearth-agent.service', 'hearth-router.service', ...sockets]
  await shell.run('enable the services', ['systemctl', '--quiet', 'enable', ...units])
  return {}
}

async function writeFile(shell: RootShell, { path, text }: RenderedFile, mode: string): Promise<void> {
  const script = 'umask 077; cat > "$1.next"; chmod "$2" "$1.next"; mv -f -- "$1.next" "$1"'
  await shell.script(`write ${path}`, script, [path, mode], { input: text })
}

async function authorize({ shell, bundle, publicKey }: StepContext) {
  await shell.run('let this desktop in', agentCommand(bundle, ['keys', 'add']), { input: `${publicKey}\n` })
  return {}
}

async function makeStack({ shell, bundle }: StepContext) {
  const properties = ['--property', `EnvironmentFile=-${layout.environment}`, '--setenv', 'NODE_USE_SYSTEM_CA=1']
  const unit = ['systemd-run', '--quiet', '--wait', '--pipe', '--collect', ...properties]
  await shell.run('make the stack', [...unit, ...agentCommand(bundle, ['stack'])], { isShown: true })
  return {}
}

/** The switch is the server's own business, in a unit of its own: a desktop that goes away in between leaves no half. */
async function start({ shell, bundle }: StepContext) {
  const unit = ['systemd-run', '--quiet', '--wait', '--collect', '--unit', 'hearth-activate']
  const activate = [...unit, ...agentCommand(bundle, ['activate', bundle.version])]
  const { status } = await shell.run('switch to the new version', activate, { expected: [1] })
  if (status !== 0) {
    const { stdout } = await shell.run('ask what went wrong', ['cat', layout.activation])
    throw explainActivation(stdout)
  }
  await shell.script('start the router', startRouterScript)
  await shell.script('remove old versions', pruneScript)
  return { message: bundle.version }
}

/**
 * A socket is only given to a service that starts: one of before, which had port 80 alone, is stopped first, while its own socket
 * goes on listening. Where another program has port 443, http goes on without https.
 */
const startRouterScript = `
systemctl start hearth-router.socket
if ! systemctl is-active --quiet hearth-router-tls.socket && [ -z "$(ss -Hltn 'sport = :443')" ]; then
  systemctl stop hearth-router.service
  systemctl start hearth-router-tls.socket || true
fi
systemctl start hearth-router.service
`

function explainActivation(text: string): Error {
  const { state, message, version } = JSON.parse(text) as { state: string; message: string; version: string }
  return new Error(
    state === 'went-back'
      ? `The new version did not become healthy, so ${version} runs again: ${message}`
      : `The agent did not start: ${message} "journalctl -u hearth-agent" on the server says more.`,
  )
}

/** The one that runs and the two newest of the others stay. */
const pruneScript = `cd ${layout.versions}
keep=$(basename "$(readlink ${layout.current})")
ls -1t | grep -vxF -- "$keep" | tail -n +3 | while read -r name; do rm -rf -- "./$name"; done
rm -rf -- .*.partial`

function agentCommand({ version }: AgentBundle, parameters: readonly string[]): string[] {
  const folder = `${layout.versions}/${version}`
  return [`${folder}/node`, `${folder}/agent.mjs`, ...parameters]
}
