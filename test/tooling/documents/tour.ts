// docs/tour.md: the pictures of docs/screenshots in the order in which somebody meets the screens, each with what to look at.
// The pictures are taken by the end-to-end tests, of the product over a real server:
// HEARTH_SCREENSHOTS=docs/screenshots npm exec -- vitest run --project e2e test/e2e/server.test.ts

export const tourFile = 'docs/tour.md'
export const picturesFolder = 'docs/screenshots'

interface Stop {
  /** A picture's name without its theme. */
  readonly picture: string
  readonly title: string
  readonly text: string
}

export const stops: readonly Stop[] = [
  {
    picture: 'all-apps',
    title: 'All apps',
    text: 'What runs where, on all servers, with the state of each app in shape and colour. A server that is away shows what was last seen of it.',
  },
  {
    picture: 'new-app',
    title: 'A new app',
    text: 'Drop a folder, or take a sample. What was detected and what would travel is shown before anything does.',
  },
  {
    picture: 'app-overview',
    title: 'An app',
    text: 'Its formation with a slider and a size for each process type, every dyno as it is now, its charts, and where it answers.',
  },
  {
    picture: 'app-deploy',
    title: 'Deploying',
    text: 'The sources of a deploy, the stages with their times, and the output of the build, which is searched and points to the line that failed.',
  },
  {
    picture: 'app-releases',
    title: 'Releases',
    text: 'Every release with what it changed and who made it; any two are compared, and a rollback shows first what it will change.',
  },
  {
    picture: 'app-logs',
    title: 'Logs',
    text: 'App, router and platform in one stream: live, or the history that the server keeps, searched. Logs and terminals stand side by side.',
  },
  {
    picture: 'app-terminal',
    title: 'Terminals',
    text: 'One-off dynos of the current release, each in a tab. One whose stream broke says where, and starts again below.',
  },
  {
    picture: 'app-config-vars',
    title: 'Config vars',
    text: 'Hidden until asked for; edited one by one, or pasted as a .env file with a preview.',
  },
  {
    picture: 'app-settings',
    title: 'Settings of an app',
    text: 'Domains with what their DNS should say, certificates, the router’s switches, how its dynos start and sleep, and what takes it away, by its name.',
  },
  {
    picture: 'ledger',
    title: 'The ledger',
    text: 'This computer’s own copy of every release of every app, checked link by link, searched and exported, also offline.',
  },
  {
    picture: 'server',
    title: 'A server',
    text: 'Its memory, CPU, disk and requests, what uses them, and the agent that looks after it.',
  },
  {
    picture: 'add-server',
    title: 'Adding a server',
    text: 'A Debian or Ubuntu machine with an SSH address becomes one. Its key is shown before it is trusted.',
  },
  {
    picture: 'client-access',
    title: 'The heroku client and git',
    text: 'Let in by a token of their own, which is seen and revoked here.',
  },
  {
    picture: 'client-terminal',
    title: 'A terminal of this computer',
    text: 'In which heroku and git speak to the server with nothing to set up.',
  },
  {
    picture: 'settings',
    title: 'Settings',
    text: 'Theme, text size, keys, and where the ledger’s secrets are kept.',
  },
]

export function renderTour(): string {
  const pictures = stops.map(
    ({ picture, title, text }) =>
      `## ${title}\n\n${text}\n\n<picture>\n  <source media="(prefers-color-scheme: dark)" srcset="screenshots/${picture}-dark.png">\n  <img src="screenshots/${picture}-light.png" alt="${title}">\n</picture>\n`,
  )
  return [
    '# A tour of the window\n',
    'Made by `npm run docs`; each picture in the theme that you read in.\n',
    ...pictures,
  ].join('\n')
}
