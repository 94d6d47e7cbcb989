// The two ways in which the stock heroku client opens a terminal, without the client (heroku 11.10, lib/run/dyno.js).
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import https from 'node:https'
import net, { type AddressInfo, type Socket } from 'node:net'
import tls from 'node:tls'
import { startLocalTerminal } from '../../../electron/exec/local-terminal.ts'

/** Upgrades a connection and offers it to the system's `ssh` on a port of this computer; the client checks no certificate. */
async function openRelay(attachUrl: string): Promise<{ port: number; close(): void }> {
  const headers = { connection: 'Upgrade', upgrade: 'tcp' }
  const request = https.get(attachUrl, { headers, rejectUnauthorized: false, agent: false })
  const [, remote] = (await once(request, 'upgrade')) as [unknown, Socket]
  remote.on('error', () => {})
  const relay = net.createServer((client) => {
    client.on('error', () => {})
    client.pipe(remote).pipe(client)
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  const close = () => {
    relay.close()
    remote.destroy()
  }
  return { port: (relay.address() as AddressInfo).port, close }
}

const sshParameters = (port: number) => [
  '127.0.0.1',
  '-p',
  String(port),
  '-oStrictHostKeyChecking=no',
  '-oUserKnownHostsFile=/dev/null',
  '-oServerAliveInterval=20',
  '-oLogLevel=ERROR',
]

/** The system's ssh with pipes; `exit` is its own exit code, which is the program's. */
export async function startSsh(attachUrl: string): Promise<{ child: ChildProcess; exit: Promise<number> }> {
  const relay = await openRelay(attachUrl)
  const child = spawn('ssh', sshParameters(relay.port), { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin?.on('error', () => {})
  const exit = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)))
  void exit.then(() => relay.close())
  return { child, exit }
}

/** The same on a terminal of its own. */
export async function startSshOnTerminal(attachUrl: string, size: { columns: number; rows: number }) {
  const relay = await openRelay(attachUrl)
  const ssh = '/usr/bin/ssh'
  const environment = { PATH: process.env.PATH ?? '', TERM: 'xterm', HOME: '/nonexistent' }
  const command = [ssh, ...sshParameters(relay.port)] as [string, ...string[]]
  const terminal = await startLocalTerminal({ command, directory: '/', environment, size })
  const screen = { text: '' }
  terminal.stream.on('data', (chunk) => {
    screen.text += chunk
  })
  void terminal.exit.then(() => relay.close())
  return { ...terminal, screen }
}

/** The client's older way: TLS, the secret in one line, and bytes. */
export async function openRendezvous(attachUrl: string, ca: Buffer) {
  const { hostname, port, pathname } = new URL(attachUrl)
  const socket = tls.connect({ host: hostname, port: Number(port), ca })
  const pieces: string[] = []
  socket.setEncoding('utf8').on('data', (piece: string) => pieces.push(piece))
  socket.on('error', () => {})
  socket.write(`${pathname.slice(1)}\r\n`)
  return { socket, pieces }
}
