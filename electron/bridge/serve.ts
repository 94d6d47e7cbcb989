import { z } from 'zod'
import { HearthError } from '../../agent/contract/errors.ts'
import type { Answers } from './answers.ts'
import { calls, type ErrorEnvelope, streams } from './contract.ts'
import { type ClientFrame, clientFrame, type ServerFrame } from './frames.ts'
import { FlowPipe } from './pipe.ts'
import { parseBytesFrame, renderBytesFrame, type Wire } from './wire.ts'

export interface BridgeLog {
  /** For what the renderer is not told. */
  error(message: string, error: unknown): void
}

/**
 * Serves the contract to one renderer until its wire closes. Every frame, every parameter and every result is checked;
 * a renderer that breaks the protocol is cut off.
 */
export function serveBridge(wire: Wire, answers: Answers, log: BridgeLog): void {
  const session = new BridgeSession(wire, answers, log)
  wire.onMessage((message) => {
    if (typeof message === 'string') session.takeText(message)
    else session.takeBytes(message)
  })
  wire.onClose(() => session.close())
}

class BridgeSession {
  readonly #wire: Wire
  readonly #answers: Answers
  readonly #log: BridgeLog
  readonly #pipes = new Map<number, FlowPipe>()

  constructor(wire: Wire, answers: Answers, log: BridgeLog) {
    this.#wire = wire
    this.#answers = answers
    this.#log = log
  }

  takeText(message: string): void {
    const frame = parseFrame(message)
    if (frame) this.#take(frame)
    else this.#breach('a text frame of no known form')
  }

  takeBytes(message: Uint8Array): void {
    const frame = parseBytesFrame(message)
    // Bytes of a stream that has just ended are late, not wrong.
    if (!frame) this.#breach('a binary frame without a stream number')
    else if (this.#pipes.get(frame.streamId)?.receive(frame.bytes) === false) {
      this.#breach('more bytes than the window allows')
    }
  }

  close(): void {
    for (const pipe of this.#pipes.values()) pipe.cancel()
    this.#pipes.clear()
  }

  #take(frame: ClientFrame): void {
    switch (frame.t) {
      case 'call':
        void this.#answerCall(frame.i, frame.n, frame.p)
        return
      case 'open':
        if (this.#pipes.has(frame.i)) this.#breach(`stream ${frame.i} is open already`)
        else void this.#answerStream(frame.i, frame.n, frame.p)
        return
      case 'end':
        this.#pipes.get(frame.i)?.endInput()
        return
      case 'cancel':
        this.#pipes.get(frame.i)?.cancel()
        return
      case 'credit':
        this.#pipes.get(frame.i)?.addCredit(frame.c)
    }
  }

  async #answerCall(id: number, name: string, parameters: unknown): Promise<void> {
    await this.#settle(id, name, async () => {
      const definition = own(calls, name)
      const checked = check(definition.parameters, parameters, name)
      const answer = own(this.#answers.calls, name) as (parameters: unknown) => Promise<unknown>
      return checkResult(definition.result, await answer(checked), name)
    })
  }

  async #answerStream(id: number, name: string, parameters: unknown): Promise<void> {
    const pipe = new FlowPipe({
      sendBytes: (bytes) => this.#wire.send(renderBytesFrame(id, bytes)),
      sendCredit: (bytes) => this.#send({ t: 'credit', i: id, c: bytes }),
    })
    this.#pipes.set(id, pipe)
    await this.#settle(id, name, async () => {
      const definition = own(streams, name)
      const checked = check(definition.parameters, parameters, name)
      const answer = own(this.#answers.streams, name) as (parameters: unknown, pipe: FlowPipe) => Promise<unknown>
      const result = checkResult(definition.result, await answer(checked, pipe), name)
      this.#send({ t: 'end', i: id })
      return result
    })
    this.#pipes.delete(id)
    pipe.cancel()
  }

  /** Runs one exchange and sends how it ended. */
  async #settle(id: number, name: string, run: () => Promise<unknown>): Promise<void> {
    try {
      this.#send({ t: 'ok', i: id, r: (await run()) ?? null })
    } catch (error) {
      this.#send({ t: 'error', i: id, e: toEnvelope(error, name, this.#log) })
    }
  }

  #send(frame: ServerFrame): void {
    this.#wire.send(JSON.stringify(frame))
  }

  #breach(why: string): void {
    this.#log.error('The renderer broke the bridge protocol', why)
    this.#wire.close()
  }
}

function toEnvelope(error: unknown, name: string, log: BridgeLog): ErrorEnvelope {
  if (error instanceof HearthError) return { id: error.id, message: error.message, detail: error.detail ?? null }
  log.error(`${name} failed`, error)
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { id: 'internal', message: `Hearth itself failed on ${name}. Its log has the details.`, detail }
}

function parseFrame(message: string): ClientFrame | null {
  try {
    return clientFrame.safeParse(JSON.parse(message)).data ?? null
  } catch {
    return null
  }
}

function own<T extends object>(table: T, name: string): T[keyof T] {
  if (!Object.hasOwn(table, name)) throw new HearthError('not_found', `The bridge has no ${name}.`)
  return table[name as keyof T]
}

function check<T extends z.ZodType>(schema: T, value: unknown, name: string): z.output<T> {
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  const issues = checked.error.issues.slice(0, 5).map((issue) => {
    const field = issue.path.join('.')
    return field ? `${field} ${issue.message}` : issue.message
  })
  throw new HearthError('invalid_params', `${sentence(issues.join('; '))}`, { detail: name })
}

function checkResult(schema: z.ZodType, value: unknown, name: string): unknown {
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  throw new Error(`The answer to ${name} breaks the bridge's contract: ${z.prettifyError(checked.error)}`)
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
