// What every adapter that runs dynos promises, sentence by sentence.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { Secret } from '../../agent/core/secret.ts'
import { type Bench, eventually, Screen } from './dyno-runner-bench.ts'

export interface Sentence {
  readonly sentence: string
  /** Left out where memory can't be limited. */
  readonly needsMemoryLimits?: boolean
  readonly prove: (bench: Bench) => Promise<void>
}

const server = `
require('node:http').createServer((request, response) => response.end(process.env.GREETING))
  .listen(process.env.PORT, () => console.log('listening'))
`
const awkward = {
  LINES: 'one\ntwo\n\nfour\n',
  QUOTES: `"double" 'single' \`back\``,
  DOLLARS: '$HOME $' + '{PATH} $(id) $$ %h %%',
  BACKSLASHES: 'a\\b \\n \\" \\',
  UNICODE: 'é 語 🚀 ​',
  SPACES: '  both ends  ',
  CONTROL: '\t\r\x01\x1b[31m',
  EMPTY: '',
  HASH: '# no comment; a=b',
  LONG: 'x'.repeat(65_536),
  name: 'a name in lower case',
  PEM: `-----BEGIN KEY-----\n${'A'.repeat(64)}\n-----END KEY-----\n`,
}
const dump = `node -e 'console.log(JSON.stringify(process.env))'`
const never = new AbortController().signal
const pty = { kind: 'pty', columns: 80, rows: 24 } as const
const pipes = { kind: 'pipes', areErrorsApart: false } as const
const apart = { kind: 'pipes', areErrorsApart: true } as const

export const sentences: readonly Sentence[] = [
  {
    sentence: 'a web dyno listens on its port and answers',
    async prove(bench) {
      const environment = new Secret({ GREETING: 'hello' })
      const dyno = await bench.start('node server.js', { listens: true, files: { 'server.js': server }, environment })
      assert.ok(dyno.address)
      await bench.runner.waitUntilListening(dyno.id, never)
      const response = await fetch(`http://${dyno.address.host}:${dyno.address.port}/`)
      assert.equal(await response.text(), 'hello')
      assert.ok(((await bench.runner.usage(dyno.id))?.memoryBytes ?? 0) > 1_000_000)
      await bench.runner.stop(dyno.id, 5000)
    },
  },
  {
    sentence: 'two web.1 of one app run side by side',
    async prove(bench) {
      const tree = await bench.makeSlug({ 'server.js': server })
      const start = (greeting: string) =>
        bench.start('node server.js', { listens: true, tree, environment: new Secret({ GREETING: greeting }) })
      const dynos = [await start('old'), await start('new')]
      const answers = dynos.map(async ({ id, address }) => {
        await bench.runner.waitUntilListening(id, never)
        return await (await fetch(`http://${address?.host}:${address?.port}/`)).text()
      })
      assert.deepEqual(await Promise.all(answers), ['old', 'new'])
      await Promise.all(dynos.map(({ id }) => bench.runner.stop(id, 5000)))
    },
  },
  {
    sentence: 'waiting for a dyno that exits before it listens fails at once',
    async prove(bench) {
      const { id } = await bench.start('sleep 0.3; exit 1', { listens: true })
      await assert.rejects(bench.runner.waitUntilListening(id, never), /exited before it listened/)
      await bench.recorder.exit(id)
    },
  },
  {
    sentence: 'waiting for a dyno that never listens ends when it is told to',
    async prove(bench) {
      const { id } = await bench.start('sleep 60', { listens: true })
      await assert.rejects(bench.runner.waitUntilListening(id, AbortSignal.timeout(300)))
      await bench.runner.stop(id, 0)
    },
  },
  {
    sentence: 'output arrives whole and in order, from both streams, before the exit',
    async prove(bench) {
      const { output } = await bench.run('for i in $(seq 1 20000); do echo line $i; done; echo oops >&2; printf end')
      const expected = Array.from({ length: 20_000 }, (_, i) => `line ${i + 1}\n`).join('')
      assert.equal(output, `${expected}oops\nend`)
    },
  },
  {
    sentence: 'output arrives as written: colours, blank lines, bad UTF-8, NUL',
    async prove(bench) {
      const { output } = await bench.run(`printf '\\033[31mred\\033[0m\\n\\n\\n'; printf '\\0a'`)
      assert.equal(output, '\x1b[31mred\x1b[0m\n\n\n\0a')
      const { id } = await bench.start(`printf '\\377\\376\\n'`)
      await bench.recorder.exit(id)
      assert.deepEqual([...bench.recorder.bytes(id)], [0xff, 0xfe, 0x0a])
    },
  },
  {
    sentence: 'a dyno can open /dev/stdout and /dev/stderr',
    async prove(bench) {
      const { output } = await bench.run('echo one >/dev/stdout; echo two >>/dev/stderr; echo three | tee /dev/stdout')
      assert.equal(output, 'one\ntwo\nthree\nthree\n')
    },
  },
  {
    sentence: 'an exit status is reported',
    async prove(bench) {
      const { exit } = await bench.run('exit 42')
      assert.deepEqual(exit, { id: exit.id, status: 42, signal: null, outOfMemory: false })
    },
  },
  {
    sentence: 'the signal that ended a dyno is reported',
    async prove(bench) {
      const { exit } = await bench.run('kill -SEGV $$')
      assert.deepEqual(exit, { id: exit.id, status: null, signal: 'SIGSEGV', outOfMemory: false })
    },
  },
  {
    sentence: 'a command that does not exist is said in the log and ends with status 127',
    async prove(bench) {
      const { exit, output } = await bench.run('no-such-command')
      assert.equal(exit.status, 127)
      assert.match(output, /no-such-command: command not found/)
    },
  },
  {
    sentence: 'a dyno whose slug is missing is not started, and the error says why',
    async prove(bench) {
      const tree = await bench.makeSlug()
      const missing = { ...tree, appDirectory: path.join(bench.place.folder, 'slugs', 'gone', 'app') }
      await assert.rejects(bench.start('true', { tree: missing }), { name: 'HearthError', message: /slug .* missing/ })
    },
  },
  {
    sentence: 'a dyno that goes over its memory is reported as such',
    needsMemoryLimits: true,
    async prove(bench) {
      const limits = { memoryBytes: 100 * 1024 * 1024, cpuWeight: 100, maximumTasks: 64 }
      const hog = `const kept = []; for (;;) kept.push(Buffer.alloc(1e7, 1))`
      const { exit } = await bench.run(`node -e '${hog}'`, { limits })
      assert.equal(exit.outOfMemory, true)
      assert.equal(exit.signal, 'SIGKILL')
    },
  },
  {
    sentence: 'stop asks with SIGTERM and leaves time to finish',
    async prove(bench) {
      const { id } = await bench.start(`trap 'echo finishing; exit 0' TERM; echo ready; while :; do sleep 0.05; done`)
      await bench.waitForText(id, 'ready')
      await bench.runner.stop(id, 10_000)
      const exit = await bench.recorder.exit(id)
      assert.match(bench.recorder.text(id), /^ready\n(Terminated\n)?finishing\n$/)
      assert.deepEqual([exit.status, exit.signal], [0, null])
    },
  },
  {
    sentence: 'stop kills what does not end within the grace, and all it started',
    async prove(bench) {
      const marker = randomBytes(8).toString('hex')
      const stubborn = `trap '' TERM; setsid sleep 987 & (exec -a ${marker} sleep 986) & echo ready; while :; do sleep 1; done`
      const { id } = await bench.start(stubborn, { environment: new Secret({ MARKER: marker }) })
      await bench.waitForText(id, 'ready')
      await eventually(async () => (await findByEnvironment(marker)) > 2)
      await bench.runner.stop(id, 500)
      await eventually(async () => (await findByEnvironment(marker)) === 0)
      assert.equal((await bench.recorder.exit(id)).signal, 'SIGKILL')
    },
  },
  {
    sentence: 'what a dyno leaves running ends with it',
    async prove(bench) {
      const marker = randomBytes(8).toString('hex')
      const { exit } = await bench.run('setsid sleep 985 & exit 3', { environment: new Secret({ MARKER: marker }) })
      assert.equal(exit.status, 3)
      await eventually(async () => (await findByEnvironment(marker)) === 0)
    },
  },
  {
    sentence: 'stopping a dyno that is gone already is no error',
    async prove(bench) {
      const { exit } = await bench.run('true')
      await bench.runner.stop(exit.id, 1000)
    },
  },
  {
    sentence: 'config vars arrive exactly as they were set',
    async prove(bench) {
      const { output } = await bench.run(dump, { environment: new Secret(awkward) })
      const seen = JSON.parse(output) as Record<string, string>
      for (const [name, value] of Object.entries(awkward)) assert.equal(seen[name], value, name)
      assert.ok(seen.HOME && seen.PATH)
      assert.equal(seen.PORT, undefined)
    },
  },
  {
    sentence: "config vars win over the runner's defaults, but a web dyno's PORT is its own",
    async prove(bench) {
      const environment = new Secret({ HOME: '/tmp', PORT: '1', PATH: '/nowhere:/usr/local/bin:/usr/bin:/bin' })
      const { output } = await bench.run(`echo "$HOME $PATH $PORT"`, { environment, listens: true })
      assert.match(output, /^\/tmp \/nowhere:\S* \d{2,5}\n$/)
      assert.doesNotMatch(output, / 1\n/)
    },
  },
  {
    sentence: "buildpacks' profiles are read before the command, in /app",
    async prove(bench) {
      const files = { '.profile.d/a.sh': 'export A="$HOME/a"', '.profile': 'export B="$A/b"', 'c.txt': 'c' }
      const { output } = await bench.run('echo "$B"; cat c.txt; [ "$PWD" = "$HOME" ] && echo same', { files })
      assert.match(output, /^\/.*\/a\/b\ncsame\n$/)
    },
  },
  {
    sentence: 'what a dyno writes is gone at its next start, and the slug is unchanged',
    async prove(bench) {
      const tree = await bench.makeSlug({ 'data.txt': 'original\n', 'folder/a.txt': 'a\n' })
      const command = 'cat data.txt; ls; ls folder; echo changed >data.txt; touch new; rm -r folder; mkdir folder'
      const first = await bench.run(command, { tree })
      const second = await bench.run(command, { tree })
      assert.equal(first.output, 'original\ndata.txt\nfolder\na.txt\n')
      assert.equal(second.output, first.output)
      assert.equal(await readFile(path.join(tree.appDirectory, 'data.txt'), 'utf8'), 'original\n')
    },
  },
  {
    sentence: 'a one-off on a terminal knows its size, sees resizes and reports its status',
    async prove(bench) {
      const command = 'stty size; read -r line; stty size; echo "got $line"; exit 42'
      const size = { columns: 111, rows: 33 }
      const { id, terminal } = await bench.start(command, { name: 'run.1234', terminal: { kind: 'pty', ...size } })
      const screen = new Screen(terminal)
      await screen.waitFor('33 111')
      terminal?.resize(140, 50)
      await screen.type('hello\n')
      await screen.ended
      assert.match(screen.text, /50 140\r\ngot hello\r\n$/)
      assert.equal((await bench.recorder.exit(id)).status, 42)
    },
  },
  {
    sentence: 'Ctrl-C at a terminal interrupts the foreground command, and the shell goes on',
    async prove(bench) {
      const { id, terminal } = await bench.start('bash --norc', { name: 'run.1', terminal: pty })
      const screen = new Screen(terminal)
      // The foreground command says itself that it runs: the shell would say so a moment too early.
      await screen.type(`bash -c 'echo be""gun; sleep 60'\n`)
      await screen.waitFor('begun')
      const before = screen.text.length
      await screen.type('\x03')
      // Not earlier: the interrupt takes away what is typed before the shell has noticed it.
      await screen.waitFor('bash-', before) // `bash-5.2$ `
      await screen.type('echo still he""re; exit 5\n')
      await screen.ended
      assert.match(screen.text, /still here/)
      assert.doesNotMatch(screen.text, /no job control/)
      assert.equal((await bench.recorder.exit(id)).status, 5)
    },
  },
  {
    sentence: 'stopping a dyno at a terminal ends its shell and all that runs in it',
    async prove(bench) {
      const marker = randomBytes(8).toString('hex')
      const environment = new Secret({ MARKER: marker })
      const { id, terminal } = await bench.start('bash --norc', { terminal: pty, environment })
      const screen = new Screen(terminal)
      await screen.type('nohup sleep 984 & echo st""arted\n')
      await screen.waitFor('started')
      await bench.runner.stop(id, 300)
      await screen.ended
      await eventually(async () => (await findByEnvironment(marker)) === 0)
    },
  },
  {
    sentence: 'a one-off on pipes passes bytes both ways exactly',
    async prove(bench) {
      const { id, terminal } = await bench.start('cat', { name: 'run.2', terminal: pipes })
      const screen = new Screen(terminal)
      const bytes = randomBytes(2_000_000)
      await screen.type('') // Nothing is nothing, not the end.
      const writing = (async () => {
        for (let at = 0; at < bytes.length; at += 100_000) await screen.send(bytes.subarray(at, at + 100_000))
        await screen.endInput()
      })()
      await screen.ended
      await writing
      assert.equal(screen.text.length, bytes.length)
      assert.ok(Buffer.from(screen.text, 'latin1').equals(bytes))
      assert.equal((await bench.recorder.exit(id)).status, 0)
    },
  },
  {
    sentence: 'a one-off on pipes keeps its errors in order with its output, or apart from it',
    async prove(bench) {
      const command = 'echo one; echo two >&2; echo three; exit 3'
      const together = await bench.start(command, { terminal: pipes })
      const screen = new Screen(together.terminal)
      await screen.ended
      assert.equal(screen.text, 'one\ntwo\nthree\n')
      assert.equal(together.terminal?.errors, null)
      const { id, terminal } = await bench.start(command, { terminal: apart })
      const texts = [terminal?.output, terminal?.errors].map((stream) => new Response(stream).text())
      assert.deepEqual(await Promise.all(texts), ['one\nthree\n', 'two\n'])
      assert.equal((await bench.recorder.exit(id)).status, 3)
    },
  },
  {
    sentence: 'the end of the input reaches the program, through pipes and at a terminal',
    async prove(bench) {
      for (const kind of [pipes, pty]) {
        const { id, terminal } = await bench.start('wc -l; exit 4', { terminal: kind })
        const screen = new Screen(terminal)
        await screen.type('a\nb\n')
        await screen.endInput()
        await screen.ended
        assert.match(screen.text, /\b2\r?\n$/)
        assert.equal((await bench.recorder.exit(id)).status, 4)
      }
    },
  },
  {
    sentence: 'what a one-off wrote can be read after it has ended',
    async prove(bench) {
      for (const kind of [pipes, pty]) {
        const { id, terminal } = await bench.start('echo last words', { terminal: kind })
        await bench.recorder.exit(id)
        const screen = new Screen(terminal)
        await screen.ended
        assert.match(screen.text, /^last words\r?\n$/)
      }
    },
  },
  {
    sentence: 'a one-off whose output nobody reads waits for its reader',
    async prove(bench) {
      const { id, terminal } = await bench.start('head -c 64M /dev/zero; echo end >&2', { terminal: apart })
      const before = process.memoryUsage().rss
      const errors = new Response(terminal?.errors).text()
      // Two programs come and go meanwhile; the first is held where it is.
      for (let turn = 0; turn < 2; turn++) await bench.run('true')
      assert.ok(process.memoryUsage().rss - before < 48e6, 'the output was kept')
      let bytes = 0
      for await (const piece of terminal?.output ?? []) bytes += piece.length
      assert.equal(bytes, 64 * 1024 * 1024)
      assert.equal(await errors, 'end\n')
      await bench.recorder.exit(id)
    },
  },
  {
    sentence: 'a dyno that writes to the log has no terminal',
    async prove(bench) {
      const { id, terminal } = await bench.start('sleep 60')
      assert.equal(terminal, null)
      await bench.runner.stop(id, 0)
    },
  },
  {
    sentence: 'a command inside a dyno has its files, its network and its environment, and is not its process',
    async prove(bench) {
      const environment = new Secret({ GREETING: 'hello' })
      const web = await bench.start('echo mine >written; exec node server.js', {
        listens: true,
        files: { 'server.js': server, '.profile.d/a.sh': 'export PROFILED=yes' },
        environment,
      })
      await bench.runner.waitUntilListening(web.id, never)
      const command = `cat written; echo theirs >answer; echo "$DYNO $PROFILED $(basename "$PWD")"
        node -e 'fetch("http://127.0.0.1:" + process.env.PORT).then((r) => r.text()).then(console.log)'`
      const { exit, output } = await bench.runInside(web.id, command)
      assert.deepEqual([exit.status, exit.signal], [0, null])
      assert.equal(output, 'mine\nweb.1 yes app\nhello\n')
      assert.match((await bench.runInside(web.id, 'cat answer; kill -TERM $$')).output, /^theirs\n/)
      // It ended, and took nothing of the dyno with it.
      const response = await fetch(`http://${web.address?.host}:${web.address?.port}/`)
      assert.equal(await response.text(), 'hello')
      await bench.runner.stop(web.id, 5000)
    },
  },
  {
    sentence: 'a terminal inside a dyno has its size, its jobs and its exit status',
    async prove(bench) {
      const host = await bench.start('sleep 600')
      const { id, screen, terminal } = await bench.startInside(host.id, 'bash --norc', { terminal: pty })
      await screen.type('stty size\n')
      await screen.waitFor('24 80')
      terminal.resize(100, 30)
      await screen.type('stty size\n')
      await screen.waitFor('30 100')
      await screen.type(`bash -c 'echo be""gun; sleep 60'\n`)
      await screen.waitFor('begun')
      const before = screen.text.length
      await screen.type('\x03')
      await screen.waitFor('bash-', before)
      await screen.type('exit 7\n')
      await screen.ended
      assert.doesNotMatch(screen.text, /no job control/)
      assert.equal((await bench.recorder.exit(id)).status, 7)
      await bench.runner.stop(host.id, 0)
    },
  },
  {
    sentence: 'what runs inside a dyno ends with it, whatever it tries',
    async prove(bench) {
      const marker = randomBytes(8).toString('hex')
      const environment = new Secret({ MARKER: marker })
      const stubborn = `trap '' TERM HUP; setsid sleep 983 & nohup sleep 982 & echo ready; while :; do sleep 1; done`
      for (const end of ['exit', 'stop'] as const) {
        const host = await bench.start(end === 'exit' ? 'mkfifo go; read -r line <go; exit 5' : 'sleep 600')
        const { id, screen } = await bench.startInside(host.id, stubborn, { environment })
        await screen.waitFor('ready')
        if (end === 'exit') await bench.runInside(host.id, 'while ! [ -p go ]; do sleep 0.01; done; echo now >go')
        else await bench.runner.stop(host.id, 300)
        await bench.recorder.exit(host.id)
        await screen.ended
        await eventually(async () => (await findByEnvironment(marker)) === 0)
        assert.match((await bench.recorder.exit(id)).signal ?? '', /^SIG(TERM|KILL)$/)
      }
    },
  },
  {
    sentence: 'what a command inside a dyno leaves running ends with the command, and the dyno goes on',
    async prove(bench) {
      const marker = randomBytes(8).toString('hex')
      const host = await bench.start('sleep 600')
      const environment = new Secret({ MARKER: marker })
      const { exit } = await bench.runInside(host.id, 'setsid sleep 981 >/dev/null 2>&1 & exit 3', { environment })
      assert.equal(exit.status, 3)
      await eventually(async () => (await findByEnvironment(marker)) === 0)
      assert.equal((await bench.runInside(host.id, 'echo there')).output, 'there\n')
      await bench.runner.stop(host.id, 0)
    },
  },
  {
    sentence: 'a command inside a dyno can be stopped without it',
    async prove(bench) {
      const host = await bench.start('sleep 600')
      const { id, screen } = await bench.startInside(host.id, 'echo ready; sleep 600')
      await screen.waitFor('ready')
      await bench.runner.stop(id, 5000)
      await screen.ended
      assert.equal((await bench.recorder.exit(id)).signal, 'SIGTERM')
      assert.equal((await bench.runInside(host.id, 'echo there')).output, 'there\n')
      await bench.runner.stop(host.id, 0)
    },
  },
  {
    sentence: 'inside of what runs inside a dyno is inside of that dyno',
    async prove(bench) {
      const host = await bench.start('sleep 600')
      const { id, screen } = await bench.startInside(host.id, 'touch seen; echo ready; cat')
      await screen.waitFor('ready')
      assert.equal((await bench.runInside(id, 'ls seen')).output, 'seen\n')
      await bench.runner.stop(host.id, 0)
    },
  },
  {
    sentence: 'nothing is started inside a dyno that has ended',
    async prove(bench) {
      const { exit } = await bench.run('exit 1')
      await assert.rejects(bench.startInside(exit.id, 'true'), { name: 'HearthError', id: 'gone' })
    },
  },
]

/** How many processes of this machine have the marker in their environment. */
export async function findByEnvironment(marker: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = pids.map(async (pid) => {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
    return environment.includes(`MARKER=${marker}`)
  })
  return (await Promise.all(found)).filter(Boolean).length
}
