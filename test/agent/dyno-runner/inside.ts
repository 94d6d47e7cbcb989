import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Secret } from '../../../agent/core/secret.ts'
import { eventually } from '../dyno-runner-bench.ts'
import { findByEnvironment, never, pty, type Sentence, server } from './sentence.ts'

/** Commands inside a dyno that runs. */
export const insideSentences: readonly Sentence[] = [
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
      await screen.type(`while [ "$(stty size)" = '24 80' ]; do sleep 0.01; done; stty size\n`)
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
        const exit = await bench.recorder.exit(id)
        assert.match(exit.signal ?? `status ${exit.status}`, /^SIG(TERM|KILL)$/)
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
      const exit = await bench.recorder.exit(id)
      assert.equal(exit.signal ?? `status ${exit.status}`, 'SIGTERM')
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
