import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { runCommand, startCommand } from '../../../agent/exec/command.ts'

const awkward = 'a b\n"c" \'d\' $HOME `e` \\ é 語'

describe('running a command', () => {
  test('hands over arguments, environment and input exactly, and captures both streams', async () => {
    const script = 'printf %s "$1"; printf %s "$VALUE" >&2; cat'
    const result = await runCommand(['/bin/sh', '-c', script, 'sh', awkward], {
      environment: { VALUE: awkward, PATH: '/usr/bin:/bin' },
      input: ' input',
    })
    expect(result).toEqual({ status: 0, stdout: `${awkward} input`, stderr: awkward })
  })

  test('fails with the program, its status and its last words, but not its arguments', async () => {
    const failing = runCommand(['/bin/sh', '-c', 'echo sorry >&2; exit 3', 'secret'])
    await expect(failing).rejects.toThrow('/bin/sh failed with status 3: sorry')
    await expect(failing).rejects.not.toThrow('secret')
  })

  test('a status that is expected is an answer', async () => {
    expect((await runCommand(['/bin/sh', '-c', 'exit 3'], { expectedStatuses: [3] })).status).toBe(3)
  })

  test('says that a program is not installed', async () => {
    await expect(runCommand(['no-such-program'])).rejects.toThrow(
      'Could not start no-such-program: it is not installed',
    )
  })

  test('ends all its processes when it takes too long', async () => {
    // Were one of them left it would hold the pipe open for ten minutes.
    const hanging = runCommand(['/bin/sh', '-c', 'sleep 600 & sleep 600'], { timeoutMs: 100 })
    await expect(hanging).rejects.toMatchObject({ id: 'unavailable', message: '/bin/sh took longer than 100 ms.' })
  })

  test('ends when it is cancelled, also before it began', async () => {
    const controller = new AbortController()
    const running = runCommand(['sleep', '30'], { signal: controller.signal })
    controller.abort()
    await expect(running).rejects.toMatchObject({ id: 'gone' })
    await expect(runCommand(['sleep', '30'], { signal: controller.signal })).rejects.toThrow()
  })

  test('keeps a bounded part of the output and reads the rest', async () => {
    const result = await runCommand(['/bin/sh', '-c', 'yes | head -c 5000000; echo end >&2'], {
      maximumOutputBytes: 10,
    })
    expect(result.stdout).toBe('y\ny\ny\ny\ny\n')
    expect(result.stderr).toBe('end\n')
  })

  test('input that nobody reads is no failure', async () => {
    expect((await runCommand(['true'], { input: 'x'.repeat(1_000_000) })).status).toBe(0)
  })
})

describe('a streaming command', () => {
  test('reports status and signal', async () => {
    const exiting = await startCommand(['/bin/sh', '-c', 'exit 7'], { stdio: ['ignore', 'ignore', 'ignore'] })
    expect(await exiting.exit).toEqual({ status: 7, signal: null })
    const sleeping = await startCommand(['sleep', '30'], { stdio: ['ignore', 'ignore', 'ignore'] })
    sleeping.kill('SIGTERM')
    expect(await sleeping.exit).toEqual({ status: null, signal: 'SIGTERM' })
    sleeping.kill('SIGTERM')
  })

  test('gives its output while it runs', async () => {
    const running = await startCommand(['cat'], { stdio: ['pipe', 'pipe', 'ignore'] })
    running.child.stdin?.end('hello')
    expect(running.child.stdout && (await text(running.child.stdout))).toBe('hello')
  })
})
