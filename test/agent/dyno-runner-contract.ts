// What every adapter that runs dynos promises, sentence by sentence.
import { insideSentences } from './dyno-runner/inside.ts'
import { lifeSentences } from './dyno-runner/life.ts'
import type { Sentence } from './dyno-runner/sentence.ts'
import { terminalSentences } from './dyno-runner/terminals.ts'

export const sentences: readonly Sentence[] = [...lifeSentences, ...terminalSentences, ...insideSentences]
