/** The words of the settings screen. */
export const settingWords = {
  desktop: 'Desktop',
  notifications: 'Notify when long work ends',
  notificationsHint: 'Deploys, installations and upgrades, finished or failed, while you look at another window.',
  notificationsDenied: 'Your browser or system does not let Hearth notify. Its own settings can change that.',
  tray: 'Show running deploys in the tray',
  trayHint: 'A sign beside the clock, with what is being deployed.',
  appearance: 'Appearance',
  theme: 'Theme',
  themeHint: 'System follows your desktop between light and dark.',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
  fontSize: 'Text size of logs and terminals',
  keyboard: 'Keyboard',
  singleKeys: 'Keys alone are shortcuts',
  singleKeysHint: 'Such as ? and G L. Turn it off when you speak to your computer: those with Ctrl stay.',
} as const
