/** What is said about links that other programs hand over. */
export const linkWords = {
  app: (name: string) => `hearth://apps/${name}`,
  noApp: 'No server of yours has an app of that name.',
  bad: 'A link to Hearth',
  badLink: (text: string) => `${text} is none that Hearth knows, so nothing was opened.`,
} as const

/** How long work ended. */
export const endWords = {
  onServer: (server: string) => ` on ${server}`,
  serves: (app: string, version: number | null, where: string) => `${app} v${version ?? ''} serves${where}`,
  deployed: 'Deployed.',
  deployFailed: (app: string, where: string) => `The deploy of ${app}${where} failed`,
  seeDeploy: 'Open its deploy screen for the build’s output.',
  installed: (server: string) => `Hearth is installed on ${server}`,
  ready: 'It takes apps now.',
  installFailed: (server: string) => `The installation on ${server} stopped`,
  seeInstall: 'Open it to see at which step.',
} as const

/** The sign beside the clock. */
export const trayWords = {
  title: 'Hearth',
  running: (count: number) => (count === 1 ? 'Hearth: 1 deploy runs' : `Hearth: ${count} deploys run`),
  deploy: (app: string, stage: string) => `${app}: ${stage}`,
  none: 'No deploy runs',
  open: 'Open Hearth',
} as const

/** The frame of every screen. */
export const frameWords = {
  product: 'Hearth',
  sidebar: 'Servers and apps',
  search: 'Search or run…',
  pinned: 'Pinned',
  appsOn: (server: string) => `Apps on ${server}`,
  noApps: 'No apps yet',
  deployTo: (server: string) => `Deploy a new app to ${server}`,
  ledger: 'Ledger',
  searchAll: 'Search apps, servers and commands',
  nothingFound: 'Nothing found',
  dropFor: (app: string) => `Drop to deploy to ${app}`,
  dropNew: 'Drop to deploy as a new app',
  dropHint: 'You see what will be sent before anything leaves this computer.',
  noFolder: 'That is not a folder',
  noFolderHint: 'Drop the folder that holds your app’s source, not single files.',
} as const

/** The core is away, or was. */
export const coreWords = {
  starting: 'Starting…',
  tryingAgain: 'Trying again. What you see may be old.',
  stopped: 'If Hearth was stopped, start it again and open the address that it prints.',
  crashed: 'Hearth’s core crashed and was started again',
  crashedHow: (end: string) =>
    `It ended with ${end}. Servers and apps went on without it; deploys that ran are found again.`,
} as const
