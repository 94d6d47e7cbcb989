import { HearthError } from '../errors.ts'
import { accountTopics } from './account-topics.ts'
import { appTopics } from './app-topics.ts'
import { dataTopics } from './data-topics.ts'

/** Something of Heroku's that is not here, and what there is instead. */
export interface Topic {
  readonly title: string
  /** Heroku's commands that end here; `pg:*` is a family. */
  readonly commands: readonly string[]
  /**
   * Requests that are answered by the sentence below: `POST /addons/{addon}`, or without a method for each. `{name}` is one
   * part of the path, a `*` at the end everything that follows.
   */
  readonly requests: readonly string[]
  /** What Heroku calls the thing that is not found; some commands go on when they read it. */
  readonly resource?: string
  /** A sentence or two, which the stock client prints as they are: why it is not here, and our way to do it. */
  readonly instead: string
}

export const topics: readonly Topic[] = [...appTopics, ...dataTopics, ...accountTopics]

const patterns = topics.flatMap((topic) => topic.requests.map((request) => ({ topic, pattern: toPattern(request) })))

/** What a request that no endpoint answers is about; null when that is nothing of Heroku's either. */
export function findTopic(method: string, path: string): Topic | null {
  const request = `${method} ${path}`
  return patterns.find(({ pattern }) => pattern.test(request))?.topic ?? null
}

/** The error that tells a client where to turn. */
export function notHere({ instead, resource }: Topic): HearthError {
  return new HearthError('not_found', instead, resource === undefined ? {} : { resource })
}

/** `POST /addons/{addon}/*` -> `^POST /addons/[^/]+/.*$` */
function toPattern(request: string): RegExp {
  const [, method = '[A-Z]+', path = ''] = /^(?:([A-Z]+) )?(\/.*)$/.exec(request) ?? []
  const source = path.replace(/[.?+^$()[\]|]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${method} ${source.replace(/\*$/, '.*')}$`)
}
