import { PassThrough, type Readable } from 'node:stream'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { ExecResult, Transport } from '../ports/transport.ts'
import type { Report } from './event.ts'

export interface RootShellOptions {
  readonly transport: Transport
  readonly signal: AbortSignal
  readonly report: Report
  /** Null when we log in as root. */
  readonly sudo: { readonly password: string | null } | null
}

export interface RunOptions {
  readonly input?: string | Readable
  /** Statuses that are an answer, not a failure. */
  readonly expected?: readonly number[]
  /** Shows what the command prints while it runs. */
  readonly isShown?: boolean
}

/** Commands as root on a server, directly or through sudo. */
export class RootShell {
  readonly #options: RootShellOptions

  constructor(options: RootShellOptions) {
    this.#options = options
  }

  get signal(): AbortSignal {
    return this.#options.signal
  }

  /** Throws HearthError with the end of what the command said; `what` names it for humans: "install packages". */
  async run(what: string, command: readonly string[], options: RunOptions = {}): Promise<ExecResult> {
    const { transport, signal, report, sudo } = this.#options
    const tail: string[] = []
    const onOutput = (bytes: Uint8Array) => {
      const text = Buffer.from(bytes).toString('utf8')
      tail.push(text)
      if (tail.length > 50) tail.shift()
      report({ kind: 'output', text })
    }
    const result = await transport
      .exec([...sudoCommand(sudo), ...command], {
        signal,
        ...withPassword(sudo?.password ?? null, options.input),
        ...(options.isShown ? { onOutput } : {}),
      })
      .catch((error: unknown) => {
        if (!(error instanceof HearthError) || error.id !== 'unavailable') throw error
        throw new HearthError('unavailable', `Could not ${what}: ${error.message} Run the installation again.`, {
          cause: error,
        })
      })
    if (result.status === 0 || options.expected?.includes(result.status)) return result
    const said = (options.isShown ? tail.join('') : result.stderr || result.stdout).trim()
    const lastLines = said.split('\n').slice(-4).join('\n')
    throw new HearthError(
      'internal',
      `Could not ${what} on the server (status ${result.status})${lastLines ? `: ${lastLines}` : '.'}`,
      { detail: said },
    )
  }

  /** A script for sh; its parameters are $1, $2... and need no quoting. */
  script(
    what: string,
    text: string,
    parameters: readonly string[] = [],
    options: RunOptions = {},
  ): Promise<ExecResult> {
    return this.run(what, ['sh', '-ec', text, 'sh', ...parameters], options)
  }
}

/** `-k` makes sudo ask even if it remembers us: otherwise the password would become the command's input. */
export function sudoCommand(sudo: RootShellOptions['sudo']): string[] {
  if (sudo === null) return []
  return sudo.password === null ? ['sudo', '-n', '--'] : ['sudo', '-k', '-S', '-p', '', '--']
}

/** sudo reads the password up to the first newline and leaves the rest to the command. */
function withPassword(password: string | null, input: string | Readable | undefined): { input?: string | Readable } {
  if (password === null) return input === undefined ? {} : { input }
  if (input === undefined || typeof input === 'string') return { input: `${password}\n${input ?? ''}` }
  const joined = new PassThrough()
  joined.write(`${password}\n`)
  input.on('error', (error) => joined.destroy(error))
  return { input: input.pipe(joined) }
}
