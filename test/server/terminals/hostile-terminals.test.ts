import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WantedTerminal } from '../../../electron/core/ports/agent.ts'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, type HearthServer } from '../hearth-server.ts'
import { makeApp } from '../resilience/app.ts'
import { ask } from '../resilience/load.ts'
import { agentOf, readLog } from '../security/run-in-app.ts'
import { EventReader } from './event-reader.ts'

const app = 'terminals'
let hearth: HearthServer
beforeAll(async () => {
  hearth = await bootHearthServer()
  await hearth.desktop.deploy(app, await makeApp('hello'))
})
afterAll(() => hearth?.[Symbol.asyncDispose]())

const agent = () => agentOf(hearth.desktop)
const onServer = async (script: string) =>
  (await hearth.server.exec(['sh', '-c', script], { allowFailure: true })).stdout.trim()
const create = (command: string, more: { size?: string } = {}) =>
  agent().call('createDyno', { app }, { command, attach: true, ...more })
const inside = (command: string, dyno = 'web.1') => agent().call('runInsideDyno', { app, dyno }, { command })
const pipes: WantedTerminal = { kind: 'pipes' }
const pty: WantedTerminal = { kind: 'pty', columns: 80, rows: 24 }

/** Opens a terminal and keeps what it shows. */
async function open({ attach_url }: { attach_url: string | null }, wanted = pipes) {
  const terminal = await agent().attach(attach_url ?? '', wanted)
  const screen = { text: '', ended: Promise.resolve() }
  screen.ended = (async () => {
    for await (const bytes of terminal.output) screen.text += Buffer.from(bytes)
  })()
  const waitFor = (text: string) =>
    eventually(() => screen.text.includes(text), 30_000, `${text} did not come`).catch((error: Error) => {
      throw new Error(`${error.message}; there was ${JSON.stringify(screen.text.slice(-500))}`)
    })
  return { terminal, screen, waitFor }
}

/** What a command prints on pipes, and how it ends. */
async function run(dyno: { attach_url: string | null }) {
  const { terminal, screen } = await open(dyno)
  terminal.end()
  await screen.ended
  return { output: screen.text, exitCode: await terminal.exitCode }
}

/** Resident, of the agent, in mebibytes. */
async function agentMemory(): Promise<number> {
  const status = await onServer('systemctl show -P MainPID hearth-agent | xargs -I{} cat /proc/{}/status')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}
const unitsOf = (description: string) =>
  onServer(`systemctl list-units --no-legend --plain 'hearth-dyno-*' | grep -c '${description}'`)
const hasEnded = (marker: string) =>
  eventually(
    async () => (await onServer(`grep -ls '${marker}' /proc/[0-9]*/environ | wc -l`)) === '0',
    30_000,
    `${marker} lives on`,
  )
const answersWeb = async () =>
  (await ask({ host: hearth.server.host, port: 80, hostname: `${app}.localhost` })).body.includes('hello')

describe('a terminal', () => {
  test('opens once, of two who come at once too, and its secret is worth nothing afterwards', async () => {
    const dyno = await create('echo "$DYNO"; cat')
    const results = await Promise.allSettled([open(dyno), open(dyno)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(open(dyno)).rejects.toThrow('terminal')
    expect(await unitsOf(dyno.name)).toBe('1')
    for (const result of results) if (result.status === 'fulfilled') result.value.terminal.close()
    await eventually(async () => (await unitsOf(dyno.name)) === '0', 30_000, 'it lives on')
    await expect(open(dyno)).rejects.toThrow('terminal')
  })

  test('passes bytes as they are, and the end of the input', async () => {
    const bytes = randomBytes(1_000_000)
    const { terminal, screen } = await open(await create('tee >(wc -c >&2) | sha256sum; exit 7'))
    for (let at = 0; at < bytes.length; at += 50_000) await terminal.write(bytes.subarray(at, at + 50_000))
    terminal.end()
    await screen.ended
    expect(screen.text).toContain(createHash('sha256').update(bytes).digest('hex'))
    expect(screen.text).toContain('1000000')
    expect(await terminal.exitCode).toBe(7)
  })

  test('that nobody reads holds up its own program, and neither the agent nor anybody else', async () => {
    const before = await agentMemory()
    const stuck = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const { attach_url } = await create('while :; do head -c 10M /dev/zero; done', { size: 'small' })
        return agent().attach(attach_url ?? '', pipes)
      }),
    )
    expect((await run(await create('echo through'))).output).toBe('through\n')
    expect(await agent().ping()).toBeLessThan(5000)
    expect(await answersWeb()).toBe(true)
    // Theirs is a megabyte of the connection's window and what two streams hold, and not what their programs wrote since.
    expect((await agentMemory()) - before).toBeLessThan(10 * 8)
    for (const terminal of stuck) terminal.close()
    await eventually(async () => (await unitsOf('run\\.')) === '0', 60_000, 'they live on')
  })
})

describe('a command inside a dyno', () => {
  test('has its files and its network, as confined as the dyno', async () => {
    const { output } = await run(
      await inside(`cat /proc/self/status | grep -E 'NoNewPrivs|CapBnd|Seccomp:'; id -u; stat -c %u server.js
        node -e 'fetch("http://127.0.0.1:" + process.env.PORT).then((r) => r.text()).then(console.log)'; echo written >seen
        unshare -Ur true 2>&1; cat /run/hearth/agent.sock 2>&1`),
    )
    expect(output).toMatch(/CapBnd:\s+0+\nNoNewPrivs:\s+1\nSeccomp:\s+2\n/)
    const [uid, owner, answer] = output.split('\n').slice(3)
    expect([uid, answer]).toEqual([owner, 'web.1 hello '])
    expect(output).toMatch(/unshare.*not permitted/)
    expect(output).toMatch(/agent\.sock: No such file/)
    expect((await run(await inside('cat seen'))).output).toBe('written\n')
  })

  test('is told of in the log, by whom', async () => {
    await run(await inside('exit 3'))
    expect(await readLog(hearth.desktop, app)).toMatch(
      /app\[api\]: Starting process with command `exit 3` inside web\.1 by user \S+\n(.*\n)*?.*heroku\[run\.\d+\]: Awaiting client\n(.*\n)*?.*heroku\[run\.\d+\]: Process exited with status 3\n/,
    )
  })

  test('ends with its dyno, whatever it tries', async () => {
    const marker = `outlive-${randomBytes(6).toString('hex')}`
    const stubborn = `export MARKER=${marker}; trap '' TERM HUP INT; setsid nohup sleep 9999 & (trap '' TERM HUP; sleep 9999) & echo ready; while :; do sleep 1; done`
    const { screen, terminal, waitFor } = await open(await inside(stubborn), pty)
    await waitFor('ready')
    await agent().call('restartDyno', { app, dyno: 'web.1' })
    await screen.ended
    expect(await terminal.exitCode).toBe(137)
    await hasEnded(marker)
    expect(await answersWeb()).toBe(true)
  })

  test('ends with its dyno where no agent sees to it', async () => {
    const marker = `orphan-${randomBytes(6).toString('hex')}`
    const { waitFor } = await open(
      await inside(`export MARKER=${marker}; trap '' TERM HUP; echo ready; sleep 9999 & wait`),
    )
    await waitFor('ready')
    const web = `systemctl list-units --no-legend --plain 'hearth-dyno-*' | grep 'web.1 of ${app}' | cut -d' ' -f1`
    // It is there and does nothing: one that is stopped in good order would end its terminals.
    await onServer(`systemctl kill --signal=STOP hearth-agent; systemctl stop $(${web})`)
    try {
      await hasEnded(marker)
    } finally {
      await onServer('systemctl kill --signal=CONT hearth-agent')
    }
    await hearth.desktop.whenAnswering()
    await eventually(answersWeb, 60_000, 'the app does not answer')
  })

  test('can make processes and use memory as its size allows, and the dyno does not notice', async () => {
    const web = async () => (await agent().call('listDynoStatuses', { app }))[0]
    const before = await web()
    const bomb = `ulimit -u 100000 2>/dev/null; for i in {1..3000}; do sleep 20 & done; echo done; kill $(jobs -p)`
    expect((await run(await inside(bomb))).output).toMatch(/fork: .*unavailable/i)
    const hog = `node -e 'const kept = []; for (;;) kept.push(Buffer.alloc(1e7, 1))'`
    expect((await run(await inside(hog))).exitCode).toBe(137)
    expect(await answersWeb()).toBe(true)
    expect(await web()).toMatchObject({ name: 'web.1', state: 'up', restarts: before?.restarts })
    expect(await readLog(hearth.desktop, app)).toMatch(/heroku\[run\.\d+\]: Error R15 \(Memory quota vastly exceeded\)/)
  })

  test('is refused in words where no dyno is up', async () => {
    await agent().call('createApp', {}, { name: 'broken' })
    await hearth.desktop.deploy('broken', await makeApp('broken'))
    const kill = `systemctl list-units --no-legend --plain 'hearth-dyno-*' | grep 'web.1 of broken' | cut -d' ' -f1 | xargs -r systemctl kill --signal=KILL`
    const state = async () => (await agent().call('getDyno', { app: 'broken', dyno: 'web.1' })).state
    const crash = async () => {
      await onServer(kill)
      return (await state()) === 'crashed'
    }
    await eventually(crash, 60_000, 'it does not crash')
    const refusal = () => agent().call('runInsideDyno', { app: 'broken', dyno: 'web.1' }, { command: 'true' })
    await expect(refusal()).rejects.toThrow(/web\.1 is crashed: it .+\. Nothing runs inside of it until it is up/)
    await agent().call('updateFormation', { app: 'broken' }, { updates: [{ type: 'web', quantity: 0 }] })
    await eventually(
      async () => (await agent().call('listDynos', { app: 'broken' })).length === 0,
      60_000,
      'it lives on',
    )
    await expect(refusal()).rejects.toThrow("Couldn't find that dyno")
  })
})

describe('a reader of a log', () => {
  test('that stops reading is told what it lost, and costs neither the agent nor other readers', async () => {
    const before = await agentMemory()
    const session = () => agent().call('createLogSession', { app }, { tail: true, lines: 0 })
    const stuck = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const lines = agent()
          .readStream((await session()).logplex_url)
          [Symbol.asyncIterator]()
        // Begun, and then not asked for more.
        void lines.next()
        return lines
      }),
    )
    const { name } = await agent().call(
      'createDyno',
      { app },
      { command: 'yes 0123456789012345678901234567890123456789 | head -c 200M; echo flooded' },
    )
    let peak = 0
    await eventually(
      async () => {
        peak = Math.max(peak, await agentMemory())
        return (await readLog(hearth.desktop, app)).includes(`heroku[${name}]: State changed from up to complete`)
      },
      120_000,
      'the flood did not end',
    )
    // What waits for one reader is limited to a few megabytes; the rest is what Node has not yet given back.
    expect(peak - before).toBeLessThan(250)
    let text = ''
    for (const lines of stuck.slice(0, 1)) {
      for (let next = await lines.next(); !next.done && !text.includes('Error L11'); next = await lines.next()) {
        text = text.slice(-200) + Buffer.from(next.value)
      }
    }
    expect(text).toMatch(/Error L11 \(Tail buffer overflow\) -> This tail session dropped \d+ messages since /)
    for (const lines of stuck) void lines.return?.(undefined)
  })

  test('goes on where it was when the agent was killed, with nothing twice and all that reached it or the disk', async () => {
    const { name } = await agent().call(
      'createDyno',
      { app },
      { command: 'for i in $(seq 1 100); do echo line $i; sleep 0.08; done' },
    )
    const { logplex_url: url } = await agent().call('createLogSession', { app }, { tail: true, dyno: name })
    await using reader = await EventReader.open(hearth.desktop, url)
    await reader.waitFor('line 25')
    const open1 = await open(await create('echo ready; cat'), pty)
    await open1.waitFor('ready')
    await onServer('systemctl kill --signal=KILL hearth-agent')
    await expect(open1.terminal.exitCode).rejects.toThrow('lost')
    await hearth.desktop.whenAnswering()
    await reader.comeBack()
    await reader.waitFor('complete')
    const numbers = reader.lines.flatMap((line) => / line (\d+)$/.exec(line)?.[1] ?? [])
    const all = Array.from({ length: 100 }, (_, index) => String(index + 1))
    const missing = all.filter((number) => !numbers.includes(number))
    expect(numbers).toEqual(all.filter((number) => !missing.includes(number)))
    // A line that the agent had read but neither sent nor written yet (it writes every 50 ms) dies with it; a busy machine is late for that.
    expect(missing.length).toBeLessThanOrEqual(5)
    expect(Number(missing.at(-1) ?? 0) - Number(missing[0] ?? 0)).toBeLessThanOrEqual(5)
    // The terminals of the agent that was killed have ended with it.
    expect(await unitsOf('run\\.')).toBe('0')
    expect((await agent().call('listDynos', { app })).map((dyno) => dyno.name)).toEqual(['web.1'])
  })
})
