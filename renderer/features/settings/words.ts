/** The words of the settings screen. */
export const settingWords = {
  keyboard: 'Keyboard',
  singleKeys: 'Keys alone are shortcuts',
  singleKeysHint: 'Such as ? and G L. Turn it off when you speak to your computer: those with Ctrl stay.',
} as const
