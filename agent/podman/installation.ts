import { readFile } from 'node:fs/promises'
import { HearthError } from '../contract/errors.ts'
import { type CommandResult, runCommand } from '../exec/command.ts'
import { podmanProgram } from './container-command.ts'

/** Debian 12's. Older ones lack what keeps a dyno's output and its user as they are. */
export const oldestPodman = [4, 3] as const
const remedy = 'Whoever manages the server installs it by: hearth podman install'

/** Returns its version: `4.3`. */
export async function requirePodman(): Promise<string> {
  const said = await ask(podmanProgram)
  if (said === null) throw new HearthError('invalid_params', `Podman is not installed on this server. ${remedy}`)
  const version = parseVersion(said.stdout)
  if (version && isAtLeast(version, oldestPodman)) return version.join('.')
  const found = version?.join('.') ?? `one that calls itself "${said.stdout.trim().slice(0, 80)}"`
  const wanted = oldestPodman.join('.')
  throw new HearthError(
    'invalid_params',
    `Podman ${wanted} or newer is needed to run dynos; this server has ${found}. Upgrade the server's system, or leave podman off.`,
  )
}

/** Podman's other runtime can't leave a container in the control group of its unit. */
export async function requireCrun(): Promise<void> {
  if ((await ask('crun')) === null)
    throw new HearthError(
      'invalid_params',
      `Crun, by which podman runs dynos, is not installed on this server. ${remedy}`,
    )
}

/** The system calls that podman lets containers have. */
export async function readProfile(): Promise<string> {
  const place = '/usr/share/containers/seccomp.json'
  return await readFile(place, 'utf8').catch((cause: unknown) => {
    const missing = `Podman's list of system calls, ${place}, can't be read on this server.`
    throw new HearthError('invalid_params', `${missing} Install podman's package again.`, { cause })
  })
}

/** `podman version 4.3.1`, `podman version 5.0.0-rc1` */
export function parseVersion(text: string): [number, number] | null {
  const [, major, minor] = /^podman version (\d+)\.(\d+)/.exec(text) ?? []
  return major === undefined ? null : [Number(major), Number(minor)]
}

export function isAtLeast(version: readonly [number, number], wanted: readonly [number, number]): boolean {
  return version[0] > wanted[0] || (version[0] === wanted[0] && version[1] >= wanted[1])
}

async function ask(program: string): Promise<CommandResult | null> {
  return await runCommand([program, '--version']).catch(() => null)
}
