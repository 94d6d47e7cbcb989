/** The operator's log: standard error, which systemd keeps in the journal and the desktop in a file. No secrets. */
export interface Journal {
  note(message: string): void
  error(message: string, cause: unknown): void
}

export function openJournal(write: (text: string) => void): Journal {
  const line = (level: string, text: string) => write(`${new Date().toISOString()} ${level} ${text}\n`)
  return {
    note: (message) => line('info', message),
    error: (message, cause) => line('error', `${message}: ${describe(cause)}`),
  }
}

function describe(cause: unknown): string {
  if (cause instanceof Error) return cause.stack ?? cause.message
  return String(cause)
}
