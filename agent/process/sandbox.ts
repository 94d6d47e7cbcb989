import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { type CommandLine, runCommand } from '../exec/command.ts'
import { insideScript, sandboxScript } from './sandbox-script.ts'

/** How a dyno is kept apart from the machine and from other dynos. */
export type Sandbox =
  | { readonly kind: 'namespaces' }
  /** A copy of the slug in a folder of its own, and nothing more. */
  | { readonly kind: 'none'; readonly reason: string }

export interface SandboxedCommand {
  /** Empty folder for the root to be made in. */
  readonly base: string
  readonly appDirectory: string
  readonly layerDirectories: readonly string[]
  readonly command: readonly string[]
}

/** What starts a command in a sandbox of namespaces. It dies with the agent's process, and all that it started with it. */
export function renderSandboxCommand(sandboxed: SandboxedCommand): CommandLine {
  const namespaces = ['--user', '--map-root-user', '--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child']
  const { base, appDirectory, layerDirectories, command } = sandboxed
  return [
    ...(['setpriv', '--pdeathsig', 'KILL', '--', 'unshare', ...namespaces, '--'] as const),
    ...['/bin/bash', '-c', sandboxScript, 'sandbox', base, appDirectory, ...layerDirectories, '--', ...command],
  ]
}

/**
 * What starts a command inside a sandbox, in which `initPid` is the first process. The kernel ends it with that process; the
 * agent's end it survives no more than the sandbox does.
 */
export function renderInsideCommand(initPid: number, command: readonly string[]): CommandLine {
  // Credentials are kept: in the sandbox the agent's user is root already, and groups can't be set there.
  const namespaces = [
    '--user',
    '--preserve-credentials',
    '--mount',
    '--pid',
    '--ipc',
    '--uts',
    '--target',
    String(initPid),
  ]
  return [
    'setpriv',
    '--pdeathsig',
    'KILL',
    '--',
    'nsenter',
    ...namespaces,
    '--',
    '/bin/bash',
    '-c',
    insideScript,
    'inside',
    ...command,
  ]
}

/** The script's environment: its own, and the dyno's under other names until all is mounted. */
export function renderSandboxEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  const renamed = Object.entries(environment).map(([name, value]) => [`HEARTH_VAR_${name}`, value])
  return { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...Object.fromEntries(renamed) }
}

/** Tries everything that a dyno needs, in a folder that is gone afterwards. */
export async function detectSandbox(folder: string): Promise<Sandbox> {
  if (process.platform !== 'linux') return { kind: 'none', reason: 'only Linux has the namespaces for it' }
  await mkdir(folder, { recursive: true })
  const trial = await mkdtemp(path.join(folder, 'trial-'))
  try {
    const [base, app, layer] = ['base', 'app', 'layer'].map((name) => path.join(trial, name)) as [
      string,
      string,
      string,
    ]
    await mkdir(base)
    // Laid over /usr, which fails where a part of /usr is mounted from elsewhere.
    await mkdir(path.join(layer, 'usr/local/hearth-trial'), { recursive: true })
    await mkdir(path.join(app, 'd', 'e'), { recursive: true })
    // An overlay that can't replace a folder of the slug would surprise programs later: better no overlay then.
    const script =
      'rm -r d && mkdir d && echo x > d/f && rm -r d && ! touch /usr/x 2>/dev/null && ls /usr/local/hearth-trial'
    const command = renderSandboxCommand({
      base,
      appDirectory: app,
      layerDirectories: [layer],
      command: ['bash', '-c', script],
    })
    // Descriptor 3 is the child's standard error here, so that a failure says which step it was.
    const [program, ...parameters] = command
    await runCommand(['/bin/bash', '-c', 'exec "$@" 3>&2', 'trial', program, ...parameters], {
      environment: renderSandboxEnvironment({ PATH: '/usr/bin:/bin' }),
      timeoutMs: 10_000,
    })
    return { kind: 'namespaces' }
  } catch (error) {
    return { kind: 'none', reason: describeFailure(error) }
  } finally {
    await rm(trial, { recursive: true, force: true })
  }
}

/** For the screen. */
export function describeSandbox(sandbox: Sandbox): string {
  if (sandbox.kind === 'none')
    return `No sandbox (${sandbox.reason}): dynos are plain processes of your user, each in its own copy of the slug.`
  return 'User namespaces: own processes, own file system over read-only parts of this machine; the network is shared.'
}

function describeFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message
    .replace(/\s*dmesg\(1\) may have more information after failed mount system call\.?/g, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 200)
}
