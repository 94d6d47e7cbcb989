import type { ImportPlan } from '../../../electron/bridge/contract.ts'
import { desktopPublicKey } from './fake-access.ts'
import { type Calls, type FakeBridge, fail } from './fake-bridge.ts'
import { trustReport } from './fake-domains.ts'

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
        { name: 'hello-typescript', title: 'Hello, TypeScript', description: 'A page that stays connected.' },
        { name: 'hello-python', title: 'Hello, Python', description: 'The same page by Python’s own web server.' },
        { name: 'static-site', title: 'A static site', description: 'HTML and CSS, put together by the build.' },
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
    'settings.export': () => ({ name: 'hearth-settings.json', text: '{"kind":"hearth-settings"}' }),
    'settings.planImport': ({ text }) => {
      if (text === 'broken')
        throw fail('bad_request', 'This is no file of Hearth’s settings. Export one, and choose that.')
      return importPlan
    },
    'settings.import': async () => {
      world.theme = 'dark'
      changed('settings')
      return importPlan
    },
    'trust.plan': () => trustReport(false),
    'trust.carryOut': () => trustReport(true),
    'keys.unlock': () => keyStore,
    'dialogs.chooseFolder': () => null,
    'links.open': ({ url }) => {
      world.openedLinks.push(url)
      globalThis.open?.(url, '_blank', 'noopener')
      return {}
    },
    'diagnostics.collect': () => ({
      id: 'd1',
      files: [
        { name: 'README.txt', text: 'What Hearth gathered to find out what is wrong.\n' },
        { name: 'versions.json', text: '{\n  "hearth": "0.1.0"\n}\n' },
        { name: 'desktop.log', text: '2026-11-26T04:22:16Z postgres://[redacted 1]@db/shop: refused\n'.repeat(40) },
        { name: 'servers/2-atlas/journal.txt', text: '' },
      ],
    }),
    'diagnostics.pack': () => ({ name: 'hearth-diagnostics-2026-11-26-0422.tar.gz', base64: 'H4sIAA==' }),
    'terminals.resize': () => ({}),
    'shell.present': (presentation) => {
      world.presented = presentation
      return {}
    },
  } satisfies Partial<Calls>
}

const importPlan: ImportPlan = {
  settings: [
    { name: 'theme', from: 'system', to: 'dark' },
    { name: 'showsTray', from: false, to: true },
  ],
  pins: [{ serverId: 'atlas', appId: 'a1' }],
  renames: [{ serverId: 'cellar', from: 'cellar', to: 'basement' }],
  unknownServers: [{ name: 'nas', address: 'ann@nas.example.net:2222' }],
}
