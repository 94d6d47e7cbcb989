import type { ServerPodman } from '../../../agent/contract/server/server-podman.ts'
import { installPodman } from '../../core/servers/install-podman.ts'
import { type Command, serverOption } from '../command.ts'

const podman: Command = {
  name: 'podman',
  parameters: '[SERVER]',
  summary: 'whether a server can run images: the podman that it has',
  options: serverOption,
  words: [0, 1],
  async run({ words: [name], values, session: open }) {
    const session = await open()
    const server = session.server(name ?? values.text('server'))
    const agent = await session.agent(server.id)
    const found = await agent.call('getServerPodman', {})
    return { data: found, text: describePodman(server.name, found) }
  },
}

const install: Command = {
  name: 'podman install',
  parameters: '[SERVER]',
  summary: "installs podman on a server, from the server's own package sources; apps run on",
  options: serverOption,
  words: [0, 1],
  async run({ words: [name], values, console, signal, session: open }) {
    const session = await open()
    const server = session.server(name ?? values.text('server'))
    const agent = await session.agent(server.id)
    const found = await installPodman(agent, { onOutput: (text) => console.progress(text), signal })
    return { data: found, text: describePodman(server.name, found) }
  },
}

export function describePodman(server: string, { state, version, problem }: ServerPodman): string {
  switch (state) {
    case 'ready':
      return `${server} has podman ${version}: it can run images.\n`
    case 'installing':
      return `Podman is being installed on ${server}.\n`
    default:
      return `${server} can't run images. ${problem}\n`
  }
}

export const podmanCommands: readonly Command[] = [podman, install]
