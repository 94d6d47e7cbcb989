import { chown, mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { registryLogin } from '../../core/apps/platform-vars.ts'
import type { BuildRun } from '../build-run.ts'
import { isolateProject } from '../sources/enter-project.ts'
import { prepareSource } from '../sources/prepare-source.ts'
import { writeLogins } from './registry-logins.ts'

/** In the sandbox: the system calls that containers have. */
export const systemCalls = '/hearth/seccomp.json'

export const sourceOf = ({ place }: BuildRun) => path.join(place.directory, 'source')

/** Where podman runs: the server's own programs and its settings of registries over the stack, which has no podman, and the source. */
export async function makeImagePlace(
  run: BuildRun,
  source: { readonly to: string; readonly writable: boolean },
): Promise<BuildRun> {
  const { place, request, options } = run
  await mkdir(sourceOf(run), { mode: 0o711 })
  const login = request.configVars.reveal()[registryLogin]
  await writeLogins(path.join(place.results, 'login.json'), login, options.sandbox.owner)
  const own = ['/usr', '/etc/containers'].map((from) => ({ from, to: from, writable: false }))
  const calls = { from: options.images?.systemCalls ?? '', to: systemCalls, writable: false }
  return { ...run, place: { ...place, binds: [...place.binds, ...own, calls, { from: sourceOf(run), ...source }] } }
}

/** The source goes aside: the slug is what is made of it. `counting`: its files that say how. */
export async function setSourceAside(run: BuildRun, counting: readonly string[]): Promise<void> {
  const { place, options } = run
  await prepareSource(run)
  await isolateProject(run, counting)
  await rename(place.app, sourceOf(run))
  await mkdir(place.app, { mode: 0o700 })
  const { owner } = options.sandbox
  if (owner) await chown(place.app, owner.uid, owner.gid)
}
