// Tests that say which of the client's commands they are about, so that what became of each is known at the end.
import { afterAll, beforeAll, inject, onTestFinished, test } from 'vitest'
import { Heroku } from './heroku.ts'
import type { ClientVersion } from './install-client.ts'
import { mergeOutcomes, type Outcomes, writeOutcomes } from './outcomes.ts'

export interface Story {
  readonly heroku: Heroku
  /** A test named `heroku ps:scale SENTENCE`; of several commands when it proves more than one. */
  command(names: string | readonly string[], sentence: string, tell: () => Promise<void>): void
}

/** Of one test file: the client in a folder and an environment of its own. */
export function openStory(version: ClientVersion, file: string): Story {
  /** By test: a second try takes the place of the first. */
  const outcomes = new Map<string, Outcomes>()
  let opened: Heroku | undefined
  beforeAll(async () => {
    opened = await Heroku.open(inject('world'), version)
  })
  afterAll(async () => {
    writeOutcomes(inject('world').outcomes, file, mergeOutcomes([...outcomes.values()]))
    await opened?.[Symbol.asyncDispose]()
  })
  return {
    get heroku() {
      if (opened === undefined) throw new Error('The client is not open before the first test.')
      return opened
    },
    command(names, sentence, tell) {
      const all = [names].flat()
      test(`heroku ${all.join(', ')} ${sentence}`, async () => {
        onTestFinished(({ task }) => {
          const outcome = task.result?.state === 'pass' ? 'passed' : 'failed'
          outcomes.set(task.id, Object.fromEntries(all.map((name) => [name, { [version]: outcome }])))
        })
        await tell()
      })
    },
  }
}
