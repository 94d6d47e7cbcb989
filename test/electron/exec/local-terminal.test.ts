import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startLocalTerminal } from '../../../electron/exec/local-terminal.ts'

const environment = { PATH: process.env.PATH ?? '' }
const options = { directory: '/', environment, size: { columns: 80, rows: 24 } }

async function read(terminal: Awaited<ReturnType<typeof startLocalTerminal>>): Promise<string> {
  let text = ''
  terminal.stream.on('data', (chunk) => (text += chunk))
  await terminal.exit
  if (!terminal.stream.closed) await new Promise((resolve) => terminal.stream.once('close', resolve))
  return text
}

test('a program on a terminal has its size, its environment and nothing else of ours', async () => {
  const terminal = await startLocalTerminal({
    ...options,
    command: ['/bin/sh', '-c', 'stty size; pwd; env | sort; tty'],
  })
  const text = await read(terminal)
  expect(text).toContain('24 80\r\n/\r\n')
  expect(text).toMatch(/\/dev\/.+\r\n$/)
  expect(text).not.toContain('VITEST')
})

test('tells how it ended', async () => {
  const end = async (script: string) => {
    const terminal = await startLocalTerminal({ ...options, command: ['/bin/sh', '-c', script] })
    terminal.stream.resume()
    return terminal.exit
  }
  expect(await end('exit 7')).toBe(7)
  expect(await end('kill -TERM $$')).toBe(143)
})

test('follows its window', async () => {
  const script = 'echo ready; read _; stty size'
  const terminal = await startLocalTerminal({ ...options, command: ['/bin/sh', '-c', script] })
  await once(terminal.stream, 'data')
  terminal.resize({ columns: 132, rows: 50 })
  terminal.stream.write('\n')
  expect(await read(terminal)).toContain('50 132')
})

test('that is closed hangs up on what runs there', async () => {
  const terminal = await startLocalTerminal({ ...options, command: ['/bin/sh', '-c', 'echo ready; sleep 60'] })
  await once(terminal.stream, 'data')
  terminal.close()
  expect(await terminal.exit).toBe(129)
})

test('hands over a lot without losing any of it', async () => {
  const terminal = await startLocalTerminal({ ...options, command: ['/bin/sh', '-c', 'seq 1 200000'] })
  const text = await read(terminal)
  expect(text.endsWith('199999\r\n200000\r\n')).toBe(true)
  expect(text.split('\r\n')).toHaveLength(200_001)
})
