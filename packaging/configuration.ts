// What electron-builder is told, as a value: which files are in an installer, how it is hardened, and where updates come from.

export type TargetPlatform = 'linux' | 'mac' | 'win'
export type TargetArch = 'x64' | 'arm64' | 'universal'

export interface PackagingOptions {
  readonly platform: TargetPlatform
  readonly arch: TargetArch
  /** Where updates are looked for; without one a packaged Hearth has no updater. */
  readonly feed: UpdateFeed | null
  /** Apple's notary service is asked; its credentials are in the environment then. */
  readonly isNotarized?: boolean
  /** The folder that stage.ts has filled, relative to the project. */
  readonly stage: string
  /** An Electron that is on this machine already; electron-builder downloads one otherwise. */
  readonly electronDist?: string
  readonly output?: string
}

export type UpdateFeed =
  | { readonly provider: 'generic'; readonly url: string }
  | { readonly provider: 'github'; readonly owner: string; readonly repo: string }

/** The switches that are burnt into Electron's program. Nothing of Hearth's needs what is off: see electron/README.md. */
export const fuses = {
  /** Programs of ours run by the Node that ships beside them, never by Electron's own. */
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  /** The page has a scheme of its own. */
  grantFileProtocolExtraPrivileges: false,
} as const

/** The system's name in npm's platform packages. */
const npmPlatform = { linux: 'linux', mac: 'darwin', win: 'win32' } as const

export function configurePackaging(options: PackagingOptions) {
  const { platform, stage, feed, electronDist, output = 'dist/installers' } = options
  return {
    appId: 'dev.hearth.desktop',
    productName: 'Hearth',
    copyright: 'MIT licence',
    directories: { output, buildResources: 'packaging/icons' },
    files: listFiles(options),
    extraResources: [
      { from: 'dist/agent', to: 'agent', filter: ['**/*', '!**/*.map'] },
      { from: `${stage}/node`, to: 'node', filter: ['**/*'] },
      { from: 'electron/samples', to: 'samples', filter: ['**/*'] },
      { from: 'LICENSE', to: 'LICENSE' },
    ],
    // What is loaded by the system's linker or started as a program must be a file of its own. Nothing else is taken out: the
    // archive's content is checked when it is read, and files beside it are not.
    asar: { smartUnpack: false },
    asarUnpack: ['**/*.node', '**/spawn-helper'],
    // The native modules come built for every platform (Node-API), so nothing is compiled.
    npmRebuild: false,
    nodeGypRebuild: false,
    electronFuses: { ...fuses, ...(platform === 'mac' ? { resetAdHocDarwinSignature: true } : {}) },
    protocols: [{ name: 'Hearth', schemes: ['hearth'] }],
    publish: feed,
    ...(electronDist === undefined ? {} : { electronDist }),
    ...platformParts(options),
  }
}

/**
 * What is built, and of node_modules what the two native modules need when they run, on this system. electron-builder takes the
 * production packages by itself and lets patterns only take away from them.
 */
function listFiles({ platform, arch, stage }: PackagingOptions) {
  const builds = (arch === 'universal' ? ['x64', 'arm64'] : [arch]).map((one) => `${npmPlatform[platform]}-${one}`)
  return [
    'package.json',
    'dist/electron/{main,core-process}.js',
    'dist/electron/preload.cjs',
    'dist/renderer/**/*',
    '!**/*.map',
    '!node_modules/node-*/**',
    '!node_modules/better-sqlite3/{deps,src}/**',
    '!node_modules/better-sqlite3/{binding.gyp,README.md}',
    `!node_modules/better-sqlite3/prebuilds/!(${builds.join('|')}).node`,
    '!node_modules/@lydell/node-pty/{shared,worker}/**',
    '!node_modules/@lydell/node-pty/!(package.json|LICENSE|requireBinary.js)',
    // npm installs its native half for this machine only, so stage.ts brings the target's.
    '!node_modules/@lydell/node-pty-*/**',
    { from: `${stage}/node_modules`, to: 'node_modules', filter: ['**/*'] },
  ]
}

function platformParts({ isNotarized = false }: PackagingOptions) {
  return {
    linux: {
      target: ['AppImage', 'deb', 'rpm'],
      icon: 'packaging/icons/png',
      category: 'Development',
      executableName: 'hearth',
      synopsis: 'Your own Heroku, on your own machines',
      description: 'Deploys folders and git repositories to servers of your own, and remembers every release.',
      maintainer: 'The Hearth maintainers <maintainers@hearth.invalid>',
      vendor: 'Hearth',
      mimeTypes: ['x-scheme-handler/hearth'],
      desktop: { entry: { StartupWMClass: 'Hearth', Keywords: 'heroku;deploy;paas;server;' } },
    },
    mac: {
      target: ['dmg', 'zip'],
      icon: 'packaging/icons/hearth.icns',
      category: 'public.app-category.developer-tools',
      hardenedRuntime: true,
      gatekeeperAssess: false,
      entitlements: 'packaging/entitlements.mac.plist',
      entitlementsInherit: 'packaging/entitlements.mac.plist',
      notarize: isNotarized,
      // So that the Dock takes folders; the Finder goes on opening them.
      extendInfo: {
        CFBundleDocumentTypes: [
          {
            CFBundleTypeName: 'Folder',
            CFBundleTypeRole: 'Viewer',
            LSHandlerRank: 'Alternate',
            LSItemContentTypes: ['public.folder'],
          },
        ],
      },
      // Both halves of the universal app carry both builds of the native modules and of Node.
      x64ArchFiles: '**/{*.node,spawn-helper,node/**}',
    },
    win: { target: ['nsis'], icon: 'packaging/icons/hearth.ico' },
    nsis: {
      oneClick: false,
      perMachine: false,
      allowToChangeInstallationDirectory: true,
      deleteAppDataOnUninstall: false,
    },
  }
}
