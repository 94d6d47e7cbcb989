import path from 'node:path'
import { setupFiles } from './git-setup.ts'

/** Where git finds what is ours, as it sees the machine. */
export interface GitPlaces {
  /** The folder of settings and hooks. */
  readonly setup: string
  /** The folder with the pipes of one push; null when there is none to decide. */
  readonly push: string | null
}

/** What git may ask for in one piece: an object that needs more is a bomb, or belongs elsewhere. */
const maximumAllocationBytes = 512 * 1024 * 1024

/** The whole environment of a git process, in the folder of its repository. */
export function renderGitEnvironment({ setup, push }: GitPlaces): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: '/nonexistent',
    GIT_DIR: '.',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOC_LIMIT: String(maximumAllocationBytes),
    ...(push === null ? {} : { HEARTH_PUSH: push }),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    // As on a command line, which is stronger than any file. Source: git-config(1), "SCOPES".
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'include.path',
    GIT_CONFIG_VALUE_0: path.posix.join(setup, setupFiles.config),
    GIT_CONFIG_KEY_1: 'core.hooksPath',
    GIT_CONFIG_VALUE_1: path.posix.join(setup, setupFiles.hooks),
  }
}
