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
