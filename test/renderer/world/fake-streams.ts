import type { BridgeStream, Change, InstallEvent, StreamName } from '../../../electron/bridge/contract.ts'
import { type FakeBridge, fail } from './fake-bridge.ts'

/** Resolves when whoever reads has room for more. */
type Push = (text: string) => Promise<void>
/** Runs until it returns or the signal says stop; what it returns is the stream's result. */
type Script = (push: Push, signal: AbortSignal, input: Input) => Promise<unknown>
interface Input {
  onText: (text: string) => void
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const untilAborted = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener('abort', resolve))

export function openFakeStream(
  fake: FakeBridge,
  listeners: Set<(change: Change) => void>,
  name: StreamName,
  parameters: unknown,
): BridgeStream<unknown> {
  const scripts: Record<StreamName, Script> = {
    changes: async (push, signal) => {
      const listener = (change: Change) => void push(`${JSON.stringify(change)}\n`)
      listeners.add(listener)
      await untilAborted(signal)
      listeners.delete(listener)
      return {}
    },
    'shell.events': async (push, signal) => {
      fake.world.tellWindow = (event) => push(`${JSON.stringify(event)}\n`)
      await untilAborted(signal)
      return {}
    },
    'logs.follow': (push, signal) => followLog(push, signal),
    'terminals.open': (push, signal, input) => runShell(push, signal, input, parameters),
    'shells.open': (push, signal, input) => runLocalShell(push, signal, input),
    'deploys.output': async (push, signal) => {
      const id = (parameters as { deployId: string }).deployId
      const deploy = fake.world.deploys.find((each) => each.id === id)
      if (deploy?.state === 'failed') push(failedBuild)
      else await printBuild(push, signal)
      return deploy
    },
    'servers.install': (push, signal) => install(fake, push, signal, (parameters as { serverId: string }).serverId),
    'uploads.receive': async () => ({ files: 1 }),
  }
  return startScript(scripts[name])
}

function startScript(script: Script): BridgeStream<unknown> {
  const control = new AbortController()
  const input: Input = { onText: () => undefined }
  const result = Promise.withResolvers<unknown>()
  const encoder = new TextEncoder()
  let close: () => void = () => undefined
  let wake: () => void = () => undefined
  const bytes = new ReadableStream<Uint8Array>({
    start(source) {
      close = () => {
        try {
          source.close()
        } catch {
          // Already closed by its reader.
        }
      }
      const push = async (text: string) => {
        if (control.signal.aborted) return
        source.enqueue(encoder.encode(text))
        while ((source.desiredSize ?? 1) <= 0 && !control.signal.aborted)
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
      script(push, control.signal, input).then(
        (value) => {
          close()
          result.resolve(value)
        },
        (error) => {
          close()
          result.reject(error)
        },
      )
    },
    pull: () => wake(),
    cancel: () => control.abort(),
  })
  return {
    bytes,
    result: result.promise,
    write: async (sent) => input.onText(new TextDecoder().decode(sent)),
    end: () => undefined,
    cancel: () => {
      control.abort()
      close()
    },
  }
}

const paths = ['/', '/orders/8412', '/api/cart', '/static/app.css', '/search?q=kettle', '/healthz']

const logLine = (at: number): string => fakeLogLine(at, Date.now())

export function fakeLogLine(at: number, ms: number): string {
  const time = new Date(ms).toISOString().replace('Z', '123+00:00')
  const path = paths[at % paths.length]
  const status = at % 17 === 0 ? 503 : at % 7 === 0 ? 404 : 200
  const dyno = `web.${(at % 3) + 1}`
  switch (at % 5) {
    case 0:
      return `${time} app[${dyno}]: \u001b[36mGET\u001b[0m ${path} handled in ${(at * 13) % 90} ms`
    case 3:
      return `${time} app[worker.1]: order ${8000 + at} packed, see https://shop.example.com/orders/${8000 + at}.`
    case 4:
      return at % 25 === 4
        ? `${time} heroku[web.2]: State changed from starting to up`
        : `${time} app[${dyno}]: cache ${at % 2 ? 'hit' : 'miss'} for ${path}`
    default: {
      const outcome = status === 503 ? 'at=error code=H12 desc="Request timeout"' : 'at=info'
      return `${time} heroku[router]: ${outcome} method=GET path="${path}" host=corner-shop.localhost request_id=4f1b7c1e-${at} fwd="127.0.0.1" dyno=${dyno} connect=0ms service=${(at * 7) % 120}ms status=${status} bytes=${at * 31}`
    }
  }
}

/** What the fake server keeps: whoever follows again begins with it. */
const history = Array.from({ length: 60 }, (_, at) => logLine(at))

async function followLog(push: Push, signal: AbortSignal): Promise<unknown> {
  push(history.map((line) => `${line}\n`).join(''))
  const wants = new URLSearchParams(globalThis.location?.search)
  const flood = wants.has('flood')
  if (wants.has('megabytes')) await pourLog(push, signal, Number(wants.get('megabytes')) * 1_000_000)
  for (let at = history.length; !signal.aborted; ) {
    const count = flood ? 2500 : 1
    const lines = Array.from({ length: count }, () => logLine(at++))
    push(lines.map((line) => `${line}\n`).join(''))
    history.push(...lines.slice(0, 100))
    await wait(flood ? 50 : 400)
  }
  return {}
}

/** So much at once, as fast as it is taken. */
async function pourLog(push: Push, signal: AbortSignal, bytes: number): Promise<void> {
  const chunk = Array.from({ length: 500 }, (_, at) => `${logLine(at)}\n`).join('')
  for (let sent = 0; sent < bytes && !signal.aborted; sent += chunk.length) await push(chunk)
  void push(`${logLine(0).slice(0, 32)} app[web.1]: the end of the flood\n`)
}

function runShell(push: Push, signal: AbortSignal, input: Input, parameters: unknown): Promise<unknown> {
  const { inside } = parameters as { inside?: string }
  if (!inside) push('Running \u001b[1mbash\u001b[0m on corner-shop... up, run.4821\r\n')
  return answerLines(push, signal, input, '\u001b[1;32m~ $\u001b[0m ', (line) =>
    line === 'ls' ? 'Procfile  node_modules  package.json  public  server.js  worker.js' : null,
  )
}

const shownByHeroku: Record<string, string> = {
  'heroku ps':
    '=== \u001b[36mweb\u001b[0m (\u001b[36mstandard-1x\u001b[0m): \u001b[33mnode server.js\u001b[0m (3)\r\n\r\n' +
    'web.1: \u001b[32mup\u001b[0m 2026/11/25 09:12:04 +0000 (~ 3h ago)\r\nweb.2: \u001b[32mup\u001b[0m 2026/11/25 09:12:05 +0000 (~ 3h ago)\r\n' +
    'web.3: \u001b[32mup\u001b[0m 2026/11/25 09:12:05 +0000 (~ 3h ago)\r\n',
  'git push heroku main':
    'remote: Building source:\r\nremote: \r\nremote: \u001b[1m-----> Node.js app detected\u001b[0m\r\nremote: -----> Launching...\r\n' +
    'remote:        Released v8\r\nTo https://127.0.0.1:8801/corner-shop.git\r\n   4f1b7c1..9ad20ce  main -> main',
}

function runLocalShell(push: Push, signal: AbortSignal, input: Input): Promise<unknown> {
  const prompt = '(hearth atlas) \u001b[1;34mann@desk\u001b[0m:\u001b[1;36m~/corner-shop\u001b[0m$ '
  return answerLines(push, signal, input, prompt, (line) => shownByHeroku[line] ?? null)
}

function answerLines(
  push: Push,
  signal: AbortSignal,
  input: Input,
  prompt: string,
  answer: (line: string) => string | null,
): Promise<unknown> {
  const done = Promise.withResolvers<{ exitCode: number }>()
  let line = ''
  push(prompt)
  input.onText = (text) => {
    for (const key of text) {
      if (key === '\r') {
        push('\r\n')
        if (line === 'exit') return done.resolve({ exitCode: 0 })
        if (line === 'lose') return done.reject(fail('unavailable', 'The connection to atlas was lost.'))
        if (line) push(`${answer(line) ?? `bash: ${line}: command not found`}\r\n`)
        line = ''
        push(prompt)
      } else {
        line += key
        push(key)
      }
    }
  }
  signal.addEventListener('abort', () => done.resolve({ exitCode: 143 }))
  return done.promise
}

const buildLines = [
  '\u001b[1m-----> Node.js app detected\u001b[0m',
  '-----> Creating the runtime environment',
  '       NODE_ENV=production',
  '       NODE_MODULES_CACHE=true',
  '-----> Installing Node',
  '       engines.node: 24.x',
  '       Using the layer node 24.21.0',
  '-----> Restoring cache',
  '       node_modules (restored, 41.2 MB)',
  '-----> Installing dependencies',
  '       npm ci',
  '       added 214 packages in 2.4s',
  '-----> Build',
  '       npm run build',
  '       vite v8.3.8 building for production...',
  '       \u001b[32m✓\u001b[0m 312 modules transformed.',
  '-----> Pruning devDependencies',
  '       removed 61 packages',
  '-----> Caching build',
  '-----> Discovering process types',
  '       Procfile declares types -> web, worker',
  '-----> Compressing',
  '       Done: 23.1 MB',
  '-----> Launching',
]

/** Long enough that its cause is out of sight when it ends. */
const failedBuild = [
  ...buildLines.slice(0, 12),
  '-----> Build',
  '       npm run build',
  "       src/cart.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'.",
  ...Array.from({ length: 60 }, (_, at) => `       at step ${at} (node:internal/modules/run_main:${at})`),
  ' !     The command "npm run build" ended with status 2.',
]
  .map((line) => `${line}\n`)
  .join('')

async function printBuild(push: Push, signal: AbortSignal): Promise<void> {
  for (const line of buildLines) {
    if (signal.aborted) return
    push(`${line}\n`)
    await wait(180)
  }
}

const installSteps = [
  'create the hearth user',
  'send the agent',
  'send Node 24',
  'write units',
  'make the stack',
  'start the agent',
  'verify',
]

async function install(fake: FakeBridge, push: Push, signal: AbortSignal, serverId: string): Promise<unknown> {
  const tell = (event: InstallEvent) => push(`${JSON.stringify(event)}\n`)
  const check = (name: string, found: string, remedy: string | null = null) =>
    tell({ kind: 'check', check: { name, state: remedy ? 'warning' : 'passed', found, remedy } })
  check('operating system', 'Debian GNU/Linux 12 (bookworm), x64')
  check('systemd', 'systemd 252')
  check('rights', 'root')
  check('memory', '1.9 GB free of 4 GB')
  check('disk', '31 GB free')
  check('port 80', 'free')
  check(
    'port 443',
    'in use by nginx',
    'Stop nginx if it should not keep HTTPS: systemctl disable --now nginx. Hearth works on port 80 without it.',
  )
  tell({ kind: 'plan', steps: installSteps })
  for (const step of installSteps) {
    if (signal.aborted) break
    tell({ kind: 'step', step, state: 'running', durationMs: null, message: null })
    const sends = step.startsWith('send')
    for (let part = 1; part <= 8; part++) {
      await wait(120)
      if (sends) tell({ kind: 'progress', step, done: part * 4_000_000, total: 32_000_000 })
    }
    tell({ kind: 'output', text: `${step}: ok\n` })
    tell({ kind: 'step', step, state: 'done', durationMs: 960, message: null })
  }
  const server = fake.world.servers.find(({ id }) => id === serverId)
  if (server) server.connection = { state: 'online', latencyMs: 12 }
  fake.changed('servers')
  return server
}
