// A machine that had Hearth once: its packages and its stack are there already, nothing else of ours; and podman, which Hearth
// leaves to the server's owner. What takes the time of an installation is proved once, on a fresh machine.
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { bootServer, prepareImage, type Server } from '../../servers/index.ts'
import { root } from '../../tooling/repository.ts'
import { openTestDesktop } from './install-desktop.ts'

export async function bootWithGroundwork(): Promise<Server> {
  return bootServer({ image: await prepareGroundwork() })
}

/** What stays of an installation depends on little of the agent, so most changes of it leave this image as it is. */
export async function prepareGroundwork(): Promise<string> {
  const image = `groundwork-podman-${digestFiles(['agent/stack/*', 'agent/run-stack.ts', 'electron/core/install/*'])}`
  await prepareImage(image, {}, async (server) => {
    await using desktop = await openTestDesktop(server)
    await desktop.install()
    await desktop.installer.uninstall({ ...desktop.login, removeData: false })
    const others = "find /var/lib/hearth -mindepth 1 -maxdepth 1 ! -name stacks ! -name layers -exec rm -rf '{}' +"
    await server.exec(['sh', '-c', `rm -rf /etc/hearth; ${others}`])
    await server.exec(['apt-get', 'install', '-qq', '-y', '--no-install-recommends', 'podman', 'crun'])
  })
  return image
}

function digestFiles(globs: readonly string[]): string {
  const hash = createHash('sha256')
  for (const name of globSync(globs, { cwd: root }).sort())
    hash.update(name).update(readFileSync(path.join(root, name)))
  return hash.digest('hex').slice(0, 12)
}
