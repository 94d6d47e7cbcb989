import { generateKeyPairSync } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import ssh2, { type Connection, type ServerChannel, type Session } from 'ssh2'
import type { AttachContext } from './attach-context.ts'
import type { Attachment } from './attachments.ts'
import { joinTerminal } from './join.ts'
import { lostExitCode, openTerminal, type Terminal, type TerminalSize } from './terminal.ts'

/** The client checks no host key here (heroku 11.10): the connection never leaves this computer. */
let hostKey: string | undefined

/**
 * Heroku's newer transport: the client starts the system's `ssh` over the upgraded connection. The secret in the URL was
 * the permission, so there is nothing more to prove.
 */
export async function openSshTerminal(
  socket: Duplex,
  secret: string,
  attachment: Attachment,
  context: AttachContext,
): Promise<void> {
  // The HTTP server leaves its sockets half open; nothing more is said on this one by a client that has gone.
  socket.once('end', () => socket.destroy())
  hostKey ??= makeHostKey()
  const server = new ssh2.Server({ hostKeys: [hostKey], ident: 'Hearth' }, (client) => {
    client.on('authentication', (attempt) => attempt.accept())
    client.on('error', () => socket.destroy())
    client.once('session', (accept) => serveSession(accept(), client, { secret, attachment, context }))
  })
  server.injectSocket(socket as Socket)
}

/** Node's own: of the ed25519 keys that ssh2 1.17 makes, one in two hundred is malformed. */
function makeHostKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'sec1', format: 'pem' }).toString()
}

interface Asked {
  readonly secret: string
  readonly attachment: Attachment
  readonly context: AttachContext
}

function serveSession(session: Session, client: Connection, asked: Asked): void {
  let size: TerminalSize | null = null
  let terminal: Terminal | null = null
  session.on('pty', (accept, _, { cols, rows }) => {
    size = readSize(cols, rows)
    accept?.()
  })
  session.on('window-change', (accept, _, { cols, rows }) => {
    size = readSize(cols, rows)
    terminal?.resize(size)
    accept?.()
  })
  session.on('env', (accept) => accept?.())
  session.on('signal', (accept, _, { name }) => {
    // A dyno's terminal knows one signal by itself; the others that a client sends all mean its end.
    if (name === 'INT' && size) terminal?.input.write('\u0003')
    else terminal?.close()
    accept?.()
  })
  const start = (channel: ServerChannel) => {
    let isGone = false
    client.once('close', () => {
      isGone = true
      terminal?.close()
    })
    const first = size
    runTerminal(channel, first, asked, (opened) => {
      terminal = opened
      if (isGone) opened.close()
      else if (size && size !== first) opened.resize(size)
    }).finally(() => client.end())
  }
  // The command was given when the dyno was created; here it is started either way.
  session.once('shell', (accept) => start(accept()))
  session.once('exec', (accept) => start(accept()))
}

async function runTerminal(
  channel: ServerChannel,
  size: TerminalSize | null,
  { secret, attachment, context }: Asked,
  onOpen: (terminal: Terminal) => void,
): Promise<void> {
  try {
    const door = await context.openDoor()
    const terminal = await openTerminal(door, secret, attachment, size ?? 'pipes')
    channel.once('close', () => terminal.close())
    onOpen(terminal)
    const exitCode = await joinTerminal({ input: channel, output: channel }, terminal, attachment.hasExitMarker)
    if (exitCode === null) channel.stderr.write('The connection to the server was lost; the dyno is stopped.\r\n')
    channel.exit(exitCode ?? lostExitCode)
  } catch (error) {
    channel.stderr.write(`${error instanceof Error ? error.message : String(error)}\r\n`)
    channel.exit(lostExitCode)
  }
  if (channel.destroyed) return
  await new Promise<void>((resolve) => {
    channel.once('close', resolve)
    channel.end()
  })
}

/** A client without a window says 0. */
function readSize(columns: number, rows: number): TerminalSize {
  const limit = (value: number, usual: number) => Math.min(1000, value >= 1 ? value : usual)
  return { columns: limit(columns, 80), rows: limit(rows, 24) }
}
