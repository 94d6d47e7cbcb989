/** The words of the sheet of shortcuts. */
export const shortcutWords = {
  anywhere: 'Anywhere',
  onApp: 'On an app',
  inPlace: 'Where they apply',
  onPane: 'In a log or a terminal',
  searchPane: 'Search a log or a build’s output',
  save: 'Save an edited config var',
  searchTerminal: 'Search a terminal',
  copy: 'Copy what is selected in a terminal',
  paste: 'Paste into a terminal',
  leaveTerminal: 'Leave a terminal',
  contextMenu: 'Open the menu of what has the focus',
  singleOff: 'Keys without Ctrl are turned off in the settings.',
} as const
