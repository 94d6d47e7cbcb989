import { desktopPublicKey } from './fake-access.ts'
import type { Calls, FakeBridge } from './fake-bridge.ts'

/** What belongs to this computer alone. */
export function fakeDesktop({ world, changed }: FakeBridge) {
  const keyStore = {
    kind: 'file' as const,
    locked: false,
    description: 'Config vars in the ledger are encrypted with a key in a file that only your user can read.',
  }
  const settings = () => ({
    theme: world.theme,
    terminalFontSize: world.fontSize,
    pinnedApps: world.pinnedApps,
    ...world.switches,
  })
  return {
    'desktop.about': () => ({
      ...{ version: '0.1.0', shell: 'browser' as const, platform: 'linux x64', keyStore },
      samples: [
        { name: 'hello-node', title: 'Hello Node', description: 'A web process that greets, with no dependencies.' },
      ],
      sshHosts: ['atlas', 'cellar', 'build-box'],
      publicKey: desktopPublicKey,
      sshKeys: ['~/.ssh/id_ed25519', '~/.ssh/work_ed25519'],
      hasSystemSsh: true,
      previousEnd: null,
    }),
    'desktop.sshHost': ({ host }) => (host === 'build-box' ? { user: 'admin', port: 2222 } : null),
    'settings.get': settings,
    'settings.update': ({ theme, terminalFontSize, pinnedApps, ...switches }) => {
      Object.assign(world.switches, switches)
      world.pinnedApps = pinnedApps ?? world.pinnedApps
      world.theme = theme ?? world.theme
      world.fontSize = terminalFontSize ?? world.fontSize
      changed('settings')
      return settings()
    },
    'keys.unlock': () => keyStore,
    'dialogs.chooseFolder': () => null,
    'links.open': ({ url }) => {
      world.openedLinks.push(url)
      globalThis.open?.(url, '_blank', 'noopener')
      return {}
    },
    'terminals.resize': () => ({}),
    'shell.present': (presentation) => {
      world.presented = presentation
      return {}
    },
  } satisfies Partial<Calls>
}
