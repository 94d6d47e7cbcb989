// The core of a packaged Hearth without Electron: its files as the archive has them, in a folder that stands for the archive, and the
// resources beside it. Plain Node reads no archives.
import { symlink } from 'node:fs/promises'
import path from 'node:path'
import type { shellCalls } from '../../electron/core-process/messages.ts'
import { connectBridge, type RpcBridge } from '../../renderer/lib/rpc/rpc-client.ts'
import { StandInChannel } from '../e2e/electron-stand-in/port.ts'
import { StandInProcess } from '../e2e/electron-stand-in/utility-process.ts'
import { environmentOf } from '../e2e/launch.ts'

export interface PackagedCore {
  readonly bridge: RpcBridge
  output(): string
  close(): Promise<void>
}

/** `resources` of the package, and a folder for the extracted one. */
export async function openPackagedCore(
  resources: string,
  extract: (to: string) => void,
  folder: string,
  home: string,
): Promise<PackagedCore> {
  extract(path.join(folder, 'app.asar'))
  for (const name of ['agent', 'node', 'samples']) await symlink(path.join(resources, name), path.join(folder, name))
  const env = { ...environmentOf(home), HEARTH_STAND_IN_RESOURCES: folder }
  const core = new StandInProcess(path.join(folder, 'app.asar/dist/electron/core-process.js'), env)
  let output = ''
  core.stderr?.on('data', (chunk: Buffer) => {
    output += chunk
  })
  let isClosing = false
  const ended = new Promise<void>((resolve) => core.once('exit', () => resolve()))
  void ended.then(() => isClosing || console.error(`The core ended by itself:\n${output}`))
  core.on('message', (message: { kind: string; id: number; name: keyof typeof shellCalls }) => {
    if (message.kind !== 'ask') return
    const result = message.name === 'vault.find' ? { isThere: false, obstacle: 'There is none in this test.' } : {}
    core.postMessage({ kind: 'answer', id: message.id, result })
  })
  core.postMessage({ kind: 'start', previousEnd: null })
  const { port1, port2 } = new StandInChannel()
  core.postMessage({ kind: 'window' }, [port1])
  const bridge = connectBridge(wireOf(port2))
  return {
    bridge,
    output: () => output,
    async close() {
      isClosing = true
      core.postMessage({ kind: 'close' })
      await ended
    },
  }
}

function wireOf(port: StandInChannel['port2']): Parameters<typeof connectBridge>[0] {
  const wire: Parameters<typeof connectBridge>[0] = {
    send: (message) => port.postMessage(message),
    onMessage: () => {},
    onClose: () => {},
    close: () => port.close(),
  }
  port.on('message', ({ data }: { data: string | Uint8Array }) => wire.onMessage(data))
  port.on('close', () => wire.onClose('The core has ended.'))
  port.start()
  return wire
}
