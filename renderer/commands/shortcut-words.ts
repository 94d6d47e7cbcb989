/** The words of the sheet of shortcuts. */
export const shortcutWords = {
  anywhere: 'Anywhere',
  onApp: 'On an app',
  inPlace: 'Where they apply',
  searchPane: 'Search a log or a build’s output',
  save: 'Save an edited config var',
  leaveTerminal: 'Leave a terminal',
  contextMenu: 'Open the menu of what has the focus',
  singleOff: 'Keys without Ctrl are turned off in the settings.',
} as const
