import net from 'node:net'
import type { Duplex } from 'node:stream'
import type { AttachContext } from './attach-context.ts'
import { joinTerminal } from './join.ts'
import { openTerminal } from './terminal.ts'
import { TrailingEnd } from './trailing-end.ts'

const firstLine = /^([\w-]{16,256})\r\n/

/** The client's first line is the secret alone (heroku 11.10, lib/run/dyno.js); HTTP begins with a method and a space. */
export function isRendezvous(first: Buffer): boolean {
  return firstLine.test(first.toString('latin1'))
}

/** Heroku's older transport: raw bytes both ways inside TLS, without sizes and exit codes of its own. */
export async function openRendezvous(stream: Duplex, raw: Duplex, context: AttachContext): Promise<void> {
  const secret = takeSecret(stream)
  const attachment = context.attachments.take(secret, context.serverId)
  if (!attachment) {
    stream.end()
    return
  }
  try {
    // The client throws its first piece away, whatever is in it; what follows must not be in the same one.
    await new Promise<void>((resolve) => stream.write('rendezvous\r\n', () => resolve()))
    const { isPiped, hasExitMarker } = attachment
    const terminal = await openTerminal(await context.openDoor(), secret, attachment, isPiped ? 'pipes' : null)
    // The client says the end of its input in another way: one that ends its half has gone.
    for (const end of ['end', 'close']) stream.once(end, () => terminal.close())
    if (stream.destroyed) terminal.close()
    const input = isPiped ? stream.pipe(new TrailingEnd()) : stream
    const exitCode = await joinTerminal({ input, output: stream }, terminal, hasExitMarker)
    if (exitCode === null) reset(raw)
    else stream.end()
  } catch (error) {
    context.onError('A terminal could not be opened', error)
    reset(raw)
  }
}

/** The first line is known to be there; the bytes behind it are the user's first input. */
function takeSecret(stream: Duplex): string {
  const bytes = stream.read() as Buffer
  const [line = '', secret = ''] = firstLine.exec(bytes.toString('latin1')) ?? []
  if (bytes.length > line.length) stream.unshift(bytes.subarray(line.length))
  return secret
}

/** An orderly end would tell the client that all went well. */
function reset(raw: Duplex): void {
  if (raw instanceof net.Socket) raw.resetAndDestroy()
  else raw.destroy()
}
