/** One ref that a push wants to change; null where there is none before, or after. */
export interface RefUpdate {
  /** `refs/heads/main` */
  readonly ref: string
  readonly before: string | null
  readonly after: string | null
}

/** What becomes of a push. `notes` are told to whoever pushes. */
export type PushPlan =
  | { readonly kind: 'refuse'; readonly reason: string }
  | { readonly kind: 'keep'; readonly notes: readonly string[] }
  | { readonly kind: 'deploy'; readonly branch: string; readonly commit: string; readonly notes: readonly string[] }

/** Heroku's: both are built, whichever the user's repository calls its own. */
export const defaultDeployBranches: readonly string[] = ['main', 'master']

/** More at once is a mirror or an attack; each is a file on the server. */
export const maximumUpdates = 1000

/** Decides by names alone: a deploy branch is built, other branches and tags are kept, everything else is refused. */
export function planPush(updates: readonly RefUpdate[], deployBranches: readonly string[]): PushPlan {
  if (updates.length > maximumUpdates) {
    return refuse(`It changes ${updates.length} branches and tags at once; ${maximumUpdates} is the most.`)
  }
  const foreign = updates.find(({ ref }) => branchOf(ref) === null && !ref.startsWith('refs/tags/'))
  if (foreign) {
    return refuse(
      `Only branches and tags are kept here, and ${printable(foreign.ref)} is neither. Push without --mirror.`,
    )
  }
  const deploys = updates.filter(({ ref }) => deployBranches.includes(branchOf(ref) ?? ''))
  const [deploy, second] = deploys
  if (deploy && second) {
    const names = deploys.map(({ ref }) => branchOf(ref)).join(' and ')
    return refuse(`It changes ${names}, which are both built. Push the one that is to run.`)
  }
  const notes = updates.flatMap((update) => (update === deploy ? [] : describeKept(update, deployBranches)))
  if (!deploy) return { kind: 'keep', notes }
  const branch = branchOf(deploy.ref) ?? ''
  if (deploy.after === null) {
    return refuse(
      `${branch} can't be deleted: the app is built from it. Make another branch the app's deploy branch first.`,
    )
  }
  return { kind: 'deploy', branch, commit: deploy.after, notes }
}

function describeKept({ ref, after }: RefUpdate, deployBranches: readonly string[]): string[] {
  const branch = branchOf(ref)
  if (branch === null || after === null) return []
  return [`Pushed to ${printable(branch)}, skipping build: this app is built from ${deployBranches.join(' or ')}.`]
}

function branchOf(ref: string): string | null {
  return /^refs\/heads\/(.+)$/.exec(ref)?.[1] ?? null
}

function refuse(reason: string): PushPlan {
  return { kind: 'refuse', reason }
}

/** Names come from the client and go to a terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?').slice(0, 200)
}
