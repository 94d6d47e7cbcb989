/** What is said about links that other programs hand over. */
export const linkWords = {
  app: (name: string) => `hearth://apps/${name}`,
  noApp: 'No server of yours has an app of that name.',
  bad: 'A link to Hearth',
  badLink: (text: string) => `${text} is none that Hearth knows, so nothing was opened.`,
} as const
