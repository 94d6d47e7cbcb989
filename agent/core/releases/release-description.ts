import type { ConfigVarsChange } from '../apps/config-vars.ts'
import type { SlugImage } from '../ports/builds/slug-store.ts'

/** How Heroku words what a release changed; other programs look for these words. */
export const describeRelease = {
  initial: () => 'Initial release',
  deploy: (commit: string | null) => `Deploy ${commit ? shortenCommit(commit) : 'of local changes'}`,
  image: ({ reference, digest }: Pick<SlugImage, 'reference' | 'digest'>) =>
    `Deploy ${reference.slice(0, 200)} (${digest.slice(0, 19)})`,
  /** In Heroku's words: `Deployed web (d5d2b0a2f5f3), worker (0b3d2b0a2f51)`. */
  images: (images: readonly { type: string; digest: string }[]) =>
    `Deployed ${joinNames(images.map(({ type, digest }) => `${type} (${digest.replace('sha256:', '').slice(0, 12)})`))}`,
  rollback: (version: number) => `Rollback to v${version}`,
  configVars({ set, removed }: Pick<ConfigVarsChange, 'set' | 'removed'>): string {
    const parts = [
      ...(set.length ? [`Set ${joinNames(set)}`] : []),
      ...(removed.length ? [`${set.length ? 'remove' : 'Remove'} ${joinNames(removed)}`] : []),
    ]
    return `${parts.join(', ')} config vars`
  },
}

/** `1a2b3c4d...` -> `1a2b3c4d` as Heroku shortens; names that are not commits stay as they are, within reason. */
function shortenCommit(commit: string): string {
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(commit) ? commit.slice(0, 8) : commit.slice(0, 100)
}

function joinNames(names: readonly string[]): string {
  const shown = names.slice(0, 8)
  const rest = names.length - shown.length
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
