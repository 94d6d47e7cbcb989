/**
 * How git reads a repository that may be hostile. Nothing of the repository runs: no hook, no filter, no command of its
 * configuration; and git asks nobody for a password, neither on a terminal nor by a window.
 */

/** On the command line they are stronger than any file. */
export const isolatedSettings: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.protectNTFS=true',
  'core.protectHFS=true',
  'fetch.fsckObjects=true',
  'submodule.recurse=false',
  'gc.auto=0',
].flatMap((setting) => ['-c', setting])

/**
 * For talking to where the repository is: with the user's own configuration, since it holds the way through a proxy and
 * the credential helper. A list of protocols in the environment is stronger than `protocol.*.allow` anywhere.
 */
export const remoteEnvironment: Readonly<Record<string, string | null>> = {
  GIT_ALLOW_PROTOCOL: 'https:ssh:file',
  GIT_TERMINAL_PROMPT: '0',
  // Empty is not the same as none: git would ask `core.askPass`, then SSH_ASKPASS.
  GIT_ASKPASS: '',
  SSH_ASKPASS: null,
  SSH_ASKPASS_REQUIRE: 'never',
  GCM_INTERACTIVE: 'never',
  GIT_NO_LAZY_FETCH: '1',
  // What a terminal or a hook that the desktop was started from left behind would point git elsewhere.
  GIT_DIR: null,
  GIT_WORK_TREE: null,
  GIT_INDEX_FILE: null,
  GIT_OBJECT_DIRECTORY: null,
  GIT_ALTERNATE_OBJECT_DIRECTORIES: null,
  GIT_CONFIG_PARAMETERS: null,
  GIT_TEMPLATE_DIR: null,
}

/** For writing a commit's files: of no configuration but our own, so that no filter that the user has is run either. */
export const localEnvironment: Readonly<Record<string, string | null>> = {
  ...remoteEnvironment,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_ALLOW_PROTOCOL: '',
}
