import { openSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { startCommand } from '../../../agent/exec/command.ts'
import { openPty, type PtyMaster, startPtyCommand } from '../../../agent/exec/pty.ts'
import { toReadableStream } from '../../../agent/exec/web-streams.ts'
import { until } from '../../tooling/until.ts'

const size = { columns: 111, rows: 33 }

function record(master: PtyMaster): { text: string; ended: Promise<void> } {
  const recording = { text: '', ended: Promise.resolve() }
  recording.ended = (async () => {
    for await (const piece of toReadableStream(master.stream)) recording.text += Buffer.from(piece).toString()
  })()
  return recording
}

describe('a command on a terminal', () => {
  test('knows its size, sees resizes, and ends with its status', async () => {
    const command = startPtyCommand(['/bin/bash', '-c', 'stty size; read -r; stty size; exit 42'], { size })
    const recording = record(command)
    await until(() => expect(recording.text).toContain('33 111'))
    command.resize({ columns: 140, rows: 50 })
    command.stream.write('\n')
    expect(await command.exit).toEqual({ status: 42, signal: null })
    await recording.ended
    expect(recording.text).toContain('50 140')
  })

  test('Ctrl-C interrupts the command in the foreground only', async () => {
    const command = startPtyCommand(['/bin/bash', '--norc'], {
      size,
      environment: { PATH: '/usr/bin:/bin', PS1: '> ' },
    })
    const recording = record(command)
    // Said by what is in the foreground itself: before it is, an interrupt is the shell's.
    command.stream.write('/bin/sh -c \'echo sta""rted; exec sleep 30\'\n')
    await until(() => expect(recording.text).toContain('started'))
    command.stream.write('\x03')
    // An interrupt throws away what was typed before the shell is back.
    await until(() => expect(recording.text).toMatch(/\^C[\s\S]*> $/))
    command.stream.write('echo still he""re; exit 5\n')
    expect(await command.exit).toEqual({ status: 5, signal: null })
    await recording.ended
    expect(recording.text).toContain('still here')
  })

  test('reports the signal that ended it', async () => {
    const command = startPtyCommand(['/bin/sh', '-c', 'kill -TERM $$'], { size })
    record(command)
    expect(await command.exit).toEqual({ status: null, signal: 'SIGTERM' })
  })

  test('destroying it hangs up', async () => {
    const command = startPtyCommand(['/bin/sh', '-c', 'echo started; exec sleep 30'], { size })
    // Hung up before its exec, a child would end in another way.
    const recording = record(command)
    await until(() => expect(recording.text).toContain('started'))
    command.destroy()
    expect((await command.exit).signal).toBe('SIGHUP')
  })
})

describe('an opened terminal', () => {
  test('carries bytes to whoever opens its slave, and ends after the last of them', async () => {
    const pair = openPty(size)
    const recording = record(pair)
    const slave = openSync(pair.slavePath, 'r+')
    const script = 'stty size; read -r line; echo "got $line"; head -c 100000 /dev/zero | tr "\\0" x; echo; echo last'
    const running = await startCommand(['/bin/bash', '-c', script], { stdio: [slave, slave, slave] })
    pair.stream.write('hello\n')
    await running.exit
    pair.releaseSlave()
    const { closeSync } = await import('node:fs')
    closeSync(slave)
    await recording.ended
    expect(recording.text).toContain('33 111')
    expect(recording.text).toContain('got hello')
    expect(recording.text).toMatch(/x{100000}\r\nlast\r\n$/)
  })

  test('refuses a size that no terminal can have', () => {
    const pair = openPty(size)
    expect(() => pair.resize({ columns: 0, rows: 10 })).toThrow("can't be 0 columns")
    pair.destroy()
  })
})
