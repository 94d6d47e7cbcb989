import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Secret } from '../../../agent/core/secret.ts'
import { eventually, Screen } from '../dyno-runner-bench.ts'
import { apart, findByEnvironment, pipes, pty, type Sentence } from './sentence.ts'

/** One-off dynos whose standard streams somebody has. */
export const terminalSentences: readonly Sentence[] = [
  {
    sentence: 'a one-off on a terminal knows its size, sees resizes and reports its status',
    async prove(bench) {
      const command = `stty size; read -r line; while [ "$(stty size)" = '33 111' ]; do sleep 0.01; done; stty size; echo "got $line"; exit 42`
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
]
