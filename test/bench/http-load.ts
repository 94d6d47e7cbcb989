// Keep-alive HTTP load on a port of this machine, from a process of its own: wrk where there is one, else sockets of our own.
// `node http-load.ts PORT HOST CONNECTIONS SECONDS` is the latter; it prints how many answers it got.
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { runProgram } from '../tooling/step.ts'

export interface Load {
  readonly port: number
  readonly host: string
  readonly connections: number
  readonly seconds: number
}

/** How many requests were answered. */
export async function loadHttp(load: Load, signal: AbortSignal): Promise<number> {
  const requests = (await hasWrk()) ? await runWrk(load, signal) : await runSockets(load, signal)
  if (requests === 0) throw new Error(`Nothing answers at port ${load.port}.`)
  return requests
}

function hasWrk(): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = spawn('wrk', ['--version'], { stdio: 'ignore' })
    probe.once('error', () => resolve(false)).once('spawn', () => resolve(true))
  })
}

async function runWrk({ port, host, connections, seconds }: Load, signal: AbortSignal): Promise<number> {
  const options = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '-H', `Host: ${host}`]
  const { status, output } = await runProgram('wrk', [...options, `http://127.0.0.1:${port}/`], signal)
  const [, requests] = /(\d+) requests in /.exec(output) ?? []
  if (status !== 0 || requests === undefined || /Non-2xx/.test(output)) throw new Error(`wrk:\n${output}`)
  return Number(requests)
}

async function runSockets({ port, host, connections, seconds }: Load, signal: AbortSignal): Promise<number> {
  const parameters = [import.meta.filename, port, host, connections, seconds].map(String)
  const { status, output } = await runProgram(process.execPath, parameters, signal)
  if (status !== 0) throw new Error(output)
  return Number(output)
}

/** Answers are counted by their last bytes: each comes in one piece, and no second request leaves before it. */
function askOnAndOn(port: number, host: string, onAnswer: () => void): void {
  const request = `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('data', (chunk) => {
    if (!chunk.includes('HTTP/1.1 200')) throw new Error(chunk.toString())
    onAnswer()
    socket.write(request, 'latin1')
  })
  socket.write(request, 'latin1')
}

if (import.meta.main) {
  const [port = 0, , connections = 0, seconds = 0] = process.argv.slice(2).map(Number)
  let answers = 0
  for (let at = 0; at < connections; at++) askOnAndOn(port, process.argv[3] ?? '', () => answers++)
  setTimeout(() => {
    console.log(answers)
    process.exit()
  }, seconds * 1000)
}
