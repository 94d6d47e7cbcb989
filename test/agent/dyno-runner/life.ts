import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Secret } from '../../../agent/core/secret.ts'
import { eventually } from '../dyno-runner-bench.ts'
import { findByEnvironment, never, type Sentence, server } from './sentence.ts'

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

/** How a dyno starts, what it finds, and how it ends. */
export const lifeSentences: readonly Sentence[] = [
  {
    sentence: 'a web dyno listens on its port and answers',
    async prove(bench) {
      const environment = new Secret({ GREETING: 'hello' })
      const dyno = await bench.start('node server.js', { listens: true, files: { 'server.js': server }, environment })
      assert.ok(dyno.address)
      await bench.runner.waitUntilListening(dyno.id, never)
      const response = await fetch(`http://${dyno.address.host}:${dyno.address.port}/`)
      assert.equal(await response.text(), 'hello')
      const { memoryBytes = 0, rssBytes = 0 } = (await bench.runner.usage(dyno.id)) ?? {}
      assert.ok(memoryBytes > 1_000_000)
      assert.ok(rssBytes > 1_000_000)
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
      assert.deepEqual([exit.status, exit.signal, exit.outOfMemory], [42, null, false])
    },
  },
  {
    sentence: 'the signal that ended a dyno is reported',
    async prove(bench) {
      const { exit } = await bench.run('kill -SEGV $$')
      assert.deepEqual([exit.status, exit.signal, exit.outOfMemory], [null, 'SIGSEGV', false])
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
      const limits = {
        memoryBytes: 100 * 1024 * 1024,
        memoryMaximumBytes: 100 * 1024 * 1024,
        cpuWeight: 100,
        maximumTasks: 64,
      }
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
]
