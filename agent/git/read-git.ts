import { HearthError } from '../contract/errors.ts'
import type { GitJob, GitSandbox } from './git-sandbox.ts'

export interface ReadOptions {
  readonly signal?: AbortSignal
  /** What a status means that is an answer. */
  readonly explain?: (status: number) => HearthError | null
}

/**
 * Runs a job that takes no input and yields what it prints, as it comes. Throws HearthError when it does not end well;
 * whoever stops reading before the end stops the job.
 */
export async function* readGit(
  sandbox: GitSandbox,
  job: GitJob,
  { signal, explain = () => null }: ReadOptions = {},
): AsyncGenerator<Uint8Array, void> {
  throwIfEnded(signal)
  const process = await sandbox.start(job)
  process.input.on('error', () => {})
  process.input.end()
  let complaints = ''
  process.complaints.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString('utf8')).slice(-2000)
  })
  signal?.addEventListener('abort', process.stop, { once: true })
  let isRead = false
  try {
    for await (const chunk of process.output as AsyncIterable<Buffer>) yield chunk
    isRead = true
  } finally {
    signal?.removeEventListener('abort', process.stop)
    if (!isRead) process.stop()
  }
  const end = await process.end
  throwIfEnded(signal)
  if (end.kind === 'exited' && end.status === 0) return
  const how = end.kind === 'exited' ? `failed with status ${end.status}` : `was stopped (${end.by})`
  throw (
    (end.kind === 'exited' ? explain(end.status) : null) ??
    new HearthError('internal', `git ${how} on a repository.`, { detail: `${job.command.join(' ')}: ${complaints}` })
  )
}

function throwIfEnded(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new HearthError('gone', 'git was stopped on a repository.')
}
