/** The words of what is told in a corner of the window. */
export const noticeWords = {
  dismiss: 'Dismiss',
  copyDetails: 'Copy details',
  failed: (what: string) => `${what}: failed`,
  notNow: (what: string) => `${what}: not now`,
  undo: 'Undo',
  undoing: (what: string | undefined) => (what === undefined ? 'Undo' : `Undo: ${what}`),
  nothingToUndo: 'Nothing has been done in this window that could be undone.',
  undone: 'Undone',
  undoOf: (what: string) => `Undo of “${what}”`,
  changedSince: (what: string) => `${what} has been changed again since, so it was left as it is.`,
} as const

/** Why a command can't be done now. What takes a role or a server that answers is said by `stores/access.ts`. */
export const obstacleWords = {
  noAddress: (app: string) => `${app} has no address before its first deploy.`,
  noDynos: (app: string) => `${app} has no dynos.`,
  notUp: (dyno: string) => `${dyno} is not up.`,
  onlyKey: (server: string) => `It is the only key that opens ${server}: add another one first.`,
  noRoom: (most: number) => `There is room for ${most} panes side by side: close one first.`,
  onlyPane: 'It is the only pane.',
  largest: 'The text is as large as it gets.',
  smallest: 'The text is as small as it gets.',
  notConnected: (server: string) => `${server} is not connected.`,
} as const

/** What was done, as the notice with its undo says it. */
export const doneWords = {
  scaled: (app: string, type: string, from: string, to: string) => `${app}: ${type} from ${from} to ${to}`,
  configVars: (app: string, names: readonly string[], version: number | null) =>
    `${app}: ${names.length > 3 ? `${names.length} config vars` : names.join(', ')} changed${version === null ? '' : ` by v${version}`}`,
  rolledBack: (app: string, to: number, version: number) => `${app}: rolled back to v${to} by v${version}`,
  maintenance: (app: string, isOn: boolean) => `${app}: maintenance mode ${isOn ? 'on' : 'off'}`,
  domainAdded: (app: string, hostname: string) => `${app}: ${hostname} added`,
  domainRemoved: (app: string, hostname: string) => `${app}: ${hostname} removed`,
  buildpacks: (app: string) => `${app}: buildpacks changed`,
  role: (who: string, role: string | null, place: string) => `${who}: ${role ?? 'no role'} on ${place}`,
  renamed: (from: string, to: string) => `${from} renamed to ${to}`,
} as const

/** What somebody else may have changed meanwhile. */
export const thingWords = {
  formation: (app: string, type: string) => `The formation of ${app} (${type})`,
  release: (app: string) => `The release of ${app}`,
  configVars: (app: string) => `A config var of ${app}`,
  maintenance: (app: string) => `The maintenance mode of ${app}`,
  buildpacks: (app: string) => `The list of buildpacks of ${app}`,
  role: (who: string, place: string) => `The role of ${who} on ${place}`,
  name: (name: string) => `The name ${name}`,
} as const
