// A machine that had Hearth once: its packages and its stack are there already, nothing else of ours. What takes the
// time of an installation is proved once, on a fresh machine.
import { bootServer, prepareImage, type Server } from '../../servers/index.ts'
import { buildAgent, openTestDesktop, versionOf } from './install-desktop.ts'

export async function bootWithGroundwork(): Promise<Server> {
  const image = `groundwork-${versionOf(buildAgent())}`
  await prepareImage(image, {}, async (server) => {
    await using desktop = await openTestDesktop(server)
    await desktop.install()
    await desktop.installer.uninstall({ ...desktop.login, removeData: false })
  })
  return bootServer({ image })
}
