/** The words of what is told in a corner of the window. */
export const noticeWords = {
  dismiss: 'Dismiss',
  copyDetails: 'Copy details',
  failed: (what: string) => `${what}: failed`,
  notNow: (what: string) => `${what}: not now`,
} as const
