import type { z } from 'zod'
import type { CallName, Calls, StreamName, Streams } from './contract.ts'
import type { Pipe } from './pipe.ts'

/** An answer for every call of the contract. */
export type CallAnswers = {
  readonly [N in CallName]: (
    parameters: z.output<Calls[N]['parameters']>,
  ) => Promise<z.input<Calls[N]['result']>> | z.input<Calls[N]['result']>
}

/** An answer for every stream: it reads and writes the pipe and returns the stream's result. */
export type StreamAnswers = {
  readonly [N in StreamName]: (
    parameters: z.output<Streams[N]['parameters']>,
    pipe: Pipe,
  ) => Promise<z.input<Streams[N]['result']>>
}

export interface Answers {
  readonly calls: CallAnswers
  readonly streams: StreamAnswers
}
