/** Where git finds what is ours, as it sees the machine. */
export interface GitPlaces {
  /** The folder of our hooks. */
  readonly hooks: string
  /** The folder with the pipes of one push; null when there is none to decide. */
  readonly push: string | null
}

const megabyte = 1024 * 1024
/** Of one push, packed. */
export const maximumPackBytes = 2048 * megabyte
/** What git may ask for in one piece: objects above it are a bomb, or belong elsewhere. */
const maximumAllocationBytes = 512 * megabyte

/**
 * Set for every run and stronger than any file, so that nothing that a repository holds decides what git does. None of
 * these values comes from a client.
 */
export function gitSettings(hooks: string): Readonly<Record<string, string>> {
  return {
    'core.hooksPath': hooks,
    // Streamed instead of held in memory.
    'core.bigFileThreshold': '16m',
    'core.packedGitLimit': '256m',
    'core.deltaBaseCacheLimit': '32m',
    // A branch that was accepted is on the disk when the client is told so.
    'core.fsync': 'committed,reference',
    'pack.threads': '1',
    'pack.windowMemory': '64m',
    'receive.fsckObjects': 'true',
    // Flaws of old tools in histories that are long public; they harm nobody here.
    'receive.fsck.zeroPaddedFilemode': 'ignore',
    'receive.fsck.missingSpaceBeforeDate': 'ignore',
    'receive.fsck.badTimezone': 'ignore',
    // Always kept as a pack: what unpacks to much stays small on the disk, and large files are streamed.
    'receive.unpackLimit': '1',
    'receive.maxInputSize': String(maximumPackBytes),
    // A push from a shallow clone, as CI makes them, brings its boundary with it.
    'receive.shallowUpdate': 'true',
    'receive.autogc': 'false',
    'receive.denyDeletes': 'false',
    'receive.denyNonFastForwards': 'false',
    // Which branch may be deleted is the hook's to say.
    'receive.denyDeleteCurrent': 'ignore',
    'receive.advertisePushOptions': 'false',
    // When `gc --auto` has something to do, and that it does it while we watch.
    'gc.auto': '2000',
    'gc.autoPackLimit': '20',
    'gc.autoDetach': 'false',
    'protocol.allow': 'never',
    'maintenance.auto': 'false',
    // One user owns all repositories and each run sees its own only.
    'safe.directory': '*',
  }
}

/** The whole environment of a git process, in the folder of its repository. */
export function renderGitEnvironment({ hooks, push }: GitPlaces): Record<string, string> {
  const settings = Object.entries(gitSettings(hooks))
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: '/nonexistent',
    GIT_DIR: '.',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOC_LIMIT: String(maximumAllocationBytes),
    ...(push === null ? {} : { HEARTH_PUSH: push }),
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  }
}
