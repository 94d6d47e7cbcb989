// Runs in a test server as root: the systemd adapter is tried where systemd is. Each line that it prints is JSON.
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { Secret } from '../../../agent/core/secret.ts'
import { runCommand } from '../../../agent/exec/command.ts'
import { openLogStore } from '../../../agent/logs/file-log-store.ts'
import { Podman } from '../../../agent/podman/podman.ts'
import { ServerNetwork } from '../../../agent/systemd/network/server-network.ts'
import { SystemdRunner } from '../../../agent/systemd/systemd-runner.ts'
import { Bench, type RunnerPlace } from '../../agent/dyno-runner-bench.ts'
import { sentences } from '../../agent/dyno-runner-contract.ts'

const folder = '/var/lib/hearth/dyno-test'
const [command = '', ...given] = process.argv.slice(2)
/** `--podman`: dynos are in containers. */
const usesPodman = given.includes('--podman')
const parameters = given.filter((each) => each !== '--podman')
const place: RunnerPlace = {
  folder,
  stackDirectory: '/var/lib/hearth/stack',
  limitsMemory: true,
  usesPodman,
  createRunner: () =>
    new SystemdRunner({
      runFolder: '/run/hearth',
      stateFolder: '/var/lib/hearth',
      network: new ServerNetwork({ folder: '/run/hearth', note: (note) => say({ note }) }),
      engine: new Podman('/run/hearth/podman'),
      onError: (error) => say({ error: String(error) }),
    }),
}

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
const listening = `require('node:http').createServer((q, s) => s.end('hello')).listen(process.env.PORT)`
const otherApp = { id: '7b1d2f34-0000-4000-8000-000000000002', name: 'probing-app' }

await mkdir(folder, { recursive: true })
const commands: Record<string, () => Promise<void>> = {
  contract,
  boots,
  leave,
  adopt,
  hold,
  probe,
  fail,
  destroy,
  rebus,
  reload,
  crowd,
  flood,
  image,
}
await commands[command]?.()
process.exit(0)

/** Every sentence of the contract, or those that are named. */
async function contract() {
  const bench = await openBench()
  const chosen = sentences.filter(({ sentence }) => parameters.length === 0 || parameters.includes(sentence))
  for (const { sentence, prove } of chosen) {
    const started = performance.now()
    const timeout = AbortSignal.timeout(30_000)
    const late = new Promise<never>((_, reject) => {
      timeout.addEventListener('abort', () => reject(new Error('took longer than 30 s')))
    })
    const failure = await Promise.race([prove(bench), late]).then(
      () => null,
      (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
    )
    say({ sentence, failure: failure?.slice(0, 600) ?? null, ms: Math.round(performance.now() - started) })
  }
  await bench.runner.close()
}

/** From the order to start until the first byte of the answer, in milliseconds. */
async function boots() {
  const bench = await openBench()
  const tree = await bench.makeSlug({ 'server.js': listening })
  for (let i = 0; i < Number(parameters[0]); i++) {
    const started = performance.now()
    const dyno = await bench.start('node server.js', { tree, listens: true })
    const running = performance.now()
    await bench.runner.waitUntilListening(dyno.id, new AbortController().signal)
    await (await fetch(`http://${dyno.address?.host}:${dyno.address?.port}/`)).text()
    say({ ms: performance.now() - started, runningMs: running - started })
    await bench.runner.stop(dyno.id, 1000)
  }
}

/** Starts dynos and waits to be killed. */
async function leave() {
  const bench = await openBench()
  // Once they are told to, when nobody of ours is there any more.
  const waiting = 'until [ -e go ]; do sleep 0.05; done'
  const pause = `[ $((i % 50)) = 0 ] && sleep 0.05; [ $i != 2000 ] || ${waiting}`
  const counter = await bench.start(`for ((i = 1; i <= 3000; i++)); do echo $i; ${pause}; done; sleep 600`)
  await bench.waitForText(counter.id, '400\n')
  const web = await bench.start(`node -e "${listening}"`, { listens: true })
  const failing = await bench.start(`${waiting}; exit 7`)
  const ending = await bench.start(waiting)
  const oneOff = await bench.start('bash --norc', { terminal: { kind: 'pty', columns: 80, rows: 24 } })
  say({ counter, web, failing, ending, oneOff })
  bench.recorder.onOutput = (dynoId, bytes) => {
    if (dynoId === counter.id) say({ output: Buffer.from(bytes).toString() })
  }
  await new Promise((resolve) => setTimeout(resolve, 600_000))
}

/** What an agent finds that comes after. */
async function adopt() {
  const bench = new Bench(place)
  const exits: object[] = []
  const { onExit } = bench.recorder
  bench.recorder.onExit = (exit) => {
    exits.push(exit)
    onExit.call(bench.recorder, exit)
  }
  const found = await bench.runner.open(bench.recorder)
  const [counter = '', web = ''] = parameters
  await bench.waitForText(counter, '3000\n')
  const address = found.find((dyno) => dyno.id === web)?.address
  const answer = await (await fetch(`http://${address?.host}:${address?.port}/`)).text()
  await Promise.all([counter, web].map((id) => bench.runner.stop(id, 1000)))
  say({ found, exits, output: bench.recorder.text(counter), answer })
}

/** Keeps a dyno running, with a secret among its config vars that no other process's arguments have. */
async function hold() {
  const bench = await openBench()
  const secret = Buffer.from(parameters[0] ?? '', 'hex').toString()
  const environment = new Secret({ API_KEY: secret })
  const dyno = await bench.start('echo "$API_KEY" | wc -c; exec node server.js', {
    environment,
    listens: true,
    files: { 'server.js': listening },
  })
  await bench.runner.waitUntilListening(dyno.id, new AbortController().signal)
  say({ unit: `hearth-dyno-${dyno.id}.service`, output: bench.recorder.text(dyno.id), address: dyno.address })
  await new Promise((resolve) => setTimeout(resolve, 600_000))
}

/** What shell commands give in a dyno of another app than `hold`'s. */
async function probe() {
  const bench = await openBench()
  for (const command of parameters) {
    const { exit, output } = await bench.run(command, { app: otherApp })
    say({ command, status: exit.status, output })
  }
}

/** A stack without a shell, and what a start on it leaves behind. */
async function fail() {
  const bench = await openBench()
  const tree = { ...(await bench.makeSlug()), layerDirectories: [], stackDirectory: `${folder}/empty` }
  await mkdir(tree.stackDirectory, { recursive: true })
  const id = randomUUID()
  const failure = await bench.start('true', { tree, id }).then(String, String)
  say({ failure, output: bench.recorder.text(id) })
}

/** An image that has two programs, their libraries and nothing else, not even a shell; and a command inside its dyno. */
async function image() {
  const bench = await openBench()
  const tree = await bench.makeSlug()
  const root = `${tree.appDirectory}/web`
  const copy = `mkdir -p "$1/bin" && for file in /bin/id /bin/sleep $(ldd /bin/id /bin/sleep | grep -o '/lib[^ ]*' | sort -u); do
    mkdir -p "$1/$(dirname $file)" && cp -L $file "$1/$file"; done`
  await runCommand(['sh', '-c', copy, 'copy', root])
  const own = { folder: 'web', environment: { COLOUR: 'blue' }, directory: '/bin', uid: 33, home: '/bin' }
  const ran = await bench.run('id -u; echo $COLOUR $PWD $HOME; ls', { tree, image: own })
  const dyno = await bench.start('exec sleep 600', { tree, image: own })
  const inside = await bench.runInside(dyno.id, 'id -g; echo $COLOUR $PWD')
  await bench.runner.stop(dyno.id, 1000)
  say({ output: ran.output, inside: inside.output })
}

/** Lines a second from a dyno into its app's log, to a reader of it. */
async function flood() {
  const logs = openLogStore({ folder: `${folder}/logs`, onWriteError: (error) => say({ error: String(error) }) })
  const bench = await openBench()
  const lines = Number(parameters[0])
  const { onOutput } = bench.recorder
  bench.recorder.onOutput = (id, bytes) => logs.writeOutput('app', { id, name: 'web.1' }, bytes)
  const reader = logs.read('app', { lines: 0, tail: true, filter: {} })
  const text = 'x'.repeat(99)
  const started = performance.now()
  const dyno = await bench.start(`yes ${text} | head -n ${lines}`)
  let read = 0
  // A reader that was told of lost lines would wait for them for ever.
  void bench.recorder.exit(dyno.id, 120_000).then(() => setTimeout(() => reader.close(), 1000))
  for await (const piece of reader) {
    read += Buffer.from(piece).toString('latin1').split('\n').length - 1
    if (read >= lines) break
  }
  say({ linesPerSecond: Math.round(lines / ((performance.now() - started) / 1000)), read })
  bench.recorder.onOutput = onOutput
}

/** The bus is restarted under a running agent. */
async function rebus() {
  const bench = await openBench()
  const failing = await bench.start('sleep 1; exit 4')
  await runCommand(['systemctl', 'restart', 'dbus.service'])
  const exit = await bench.recorder.exit(failing.id)
  const next = await bench.run('exit 5')
  say({ statuses: [exit.status, next.exit.status] })
}

/** Every package that brings a unit makes systemd read all of them again: it says then that each is gone, and has each again. */
async function reload() {
  const bench = await openBench()
  const held = await bench.start('exec sleep 600')
  for (let times = 0; times < 3; times += 1) await runCommand(['systemctl', 'daemon-reload'])
  const next = await bench.run('exit 5')
  await bench.runner.stop(held.id, 5000)
  const { signal } = await bench.recorder.exit(held.id)
  say({ signal, next: next.exit.status })
}

/** More dynos than the bus allows rules; prints of how many the end was heard, and how one more ended. */
async function crowd() {
  const bench = await openBench()
  const ids: string[] = []
  // One after the other: systemd needs rules of its own while it starts something.
  for (let at = 0; at < 20; at++) ids.push((await bench.start('exec sleep 600')).id)
  for (const id of ids) await bench.runner.stop(id, 5000)
  const exits = await Promise.all(ids.map((id) => bench.recorder.exit(id)))
  say({
    ended: exits.filter(({ signal }) => signal === 'SIGTERM').length,
    next: (await bench.run('exit 9')).exit.status,
  })
}

async function destroy() {
  const bench = await openBench()
  for (const appId of [otherApp.id, '7b1d2f34-0000-4000-8000-000000000001']) await bench.runner.destroyApp(appId)
}

async function openBench(): Promise<Bench> {
  const bench = new Bench(place)
  await bench.runner.open(bench.recorder)
  return bench
}
