import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, type HearthServer } from '../hearth-server.ts'

let hearth: HearthServer
beforeAll(async () => {
  hearth = await bootHearthServer()
})
afterAll(() => hearth?.[Symbol.asyncDispose]())

function sshOptions(): string[] {
  const { server, desktop } = hearth
  const given = ['-F', 'none', '-i', path.join(desktop.home, 'ssh/id_ed25519'), '-p', String(server.port)]
  const settings = ['IdentitiesOnly=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'BatchMode=yes']
  return [...given, ...settings.flatMap((setting) => ['-o', setting])]
}

/** The stock client with the desktop's own key, which is all that a thief of it has. */
function ssh(
  options: readonly string[],
  command: readonly string[] = [],
  input = '',
): Promise<{ status: number; text: string }> {
  const { server } = hearth
  return new Promise((resolve) => {
    const child = execFile(
      'ssh',
      [...sshOptions(), ...options, `hearth@${server.host}`, ...command],
      { timeout: 60_000 },
      (error, out, err) =>
        resolve({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, text: `${out}${err}` }),
    )
    child.stdin?.end(input)
  })
}

/** What a unix socket of the server answers through a forwarding of ours; empty when sshd refuses it. */
async function askSocket(remote: string, input: string): Promise<string> {
  const { server, desktop } = hearth
  const local = path.join(desktop.home, `${path.basename(remote)}-${++forwards}`)
  const child = spawn('ssh', [...sshOptions(), '-N', '-L', `${local}:${remote}`, `hearth@${server.host}`])
  try {
    await eventually(async () => existsSync(local), 30_000, 'ssh does not listen')
    const socket = net.connect(local)
    socket.on('error', () => {})
    socket.setTimeout(3000, () => socket.destroy())
    socket.write(input, 'latin1')
    const first = await new Promise<string>((resolve) => {
      socket.once('data', (bytes) => resolve(bytes.toString('latin1')))
      socket.once('close', () => resolve(''))
    })
    socket.destroy()
    return first
  } finally {
    child.kill()
  }
}
let forwards = 0

/** What the far end of a forwarded connection says to bytes of ours; empty when it was refused. */
const forward = async (target: string, input = '') => (await ssh(['-W', target], [], input)).text

const onServer = async (script: string) =>
  (await hearth.server.exec(['sh', '-c', script], { allowFailure: true })).stdout.trim()
const mint = async () => JSON.parse((await ssh([], ['token'])).text.match(/\{.*\}/)?.[0] ?? '{}') as { token: string }

describe('who has a key of Hearth', () => {
  test('gets a token, and neither shell nor command nor files', async () => {
    expect((await mint()).token).toMatch(/^[\w-]+\.[\w-]+$/)
    for (const command of [[], ['id'], ['cat', '/etc/hearth/mint.key'], ['token; id'], ['internal-sftp']]) {
      const { status, text } = await ssh([], command)
      expect(status).not.toBe(0)
      expect(text).not.toMatch(/uid=|[A-Za-z0-9+/]{43}=/)
      expect(text).toContain('opens no shell')
    }
    expect((await ssh(['-s'], ['sftp'])).status).not.toBe(0)
    expect((await ssh(['-tt'], ['id'])).text).toMatch(/PTY allocation request failed/)
  })

  test('forwards no TCP, in either direction', async () => {
    expect(await forward('127.0.0.1:22')).toMatch(/administratively prohibited|open failed/)
    expect(await forward(`${hearth.server.host}:22`)).toMatch(/administratively prohibited|open failed/)
    const listening = await ssh(['-N', '-o', 'ExitOnForwardFailure=yes', '-R', '0.0.0.0:4444:127.0.0.1:1'])
    expect(listening.text).toMatch(/remote port forwarding failed/)
  })

  test("cannot talk to the router's control, and is nobody to the system's bus", async () => {
    // The way itself works: the agent greets with HTTP/2's settings.
    expect((await askSocket('/run/hearth/agent.sock', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).length).toBeGreaterThan(8)
    const request = 'GET /status HTTP/1.1\r\nhost: x\r\n\r\n'
    expect(await askSocket('/run/hearth-router/control.sock', request)).toBe('')
    expect(await askSocket('/run/dbus/system_bus_socket', '\0AUTH\r\n')).toBe('')
    expect(await askSocket('/run/systemd/private', '\0AUTH\r\n')).toBe('')
    const asUser = (command: string) =>
      onServer(`setpriv --reuid=hearth --regid=hearth --init-groups sh -c '${command}' 2>&1; echo status $?`)
    expect(await asUser('systemd-run --no-ask-password --wait true')).not.toContain('status 0')
    expect(await asUser('systemctl --no-ask-password stop hearth-agent')).not.toContain('status 0')
    expect(await asUser('cat /etc/hearth/config.key')).not.toContain('status 0')
    expect(
      await asUser(
        'find /etc/hearth /var/lib/hearth /usr/lib/hearth /run/hearth -writable ! -type l ! -type s 2>/dev/null',
      ),
    ).toMatch(/^status \d$/)
    expect(await onServer('systemctl is-active hearth-agent')).toBe('active')
  })

  test('is refused with a token that is forged, stretched or of a key that was removed', async () => {
    const { token } = await mint()
    expect(await ask(token)).toBe('200')
    const [body = '', seal = ''] = token.split('.')
    const stretched = Buffer.from(
      Buffer.from(body, 'base64url')
        .toString()
        .replace(/\d+\]$/, '9999999999999]'),
    ).toString('base64url')
    for (const bad of ['', 'x', `${body}.`, `${stretched}.${seal}`, `${body}.${seal}.${seal}`, `.${seal}`])
      expect(await ask(bad)).toBe('401')
    await onServer('cp -a /home/hearth/.ssh/authorized_keys /root/kept && : >/home/hearth/.ssh/authorized_keys')
    expect(await ask(token)).toBe('401')
    await onServer('cp -a /root/kept /home/hearth/.ssh/authorized_keys')
    expect(await ask(token)).toBe('200')
  })
})

/** The status that the agent answers, asked by root: what counts is the token. */
async function ask(token: string): Promise<string> {
  const script = `const h=require('http2').connect('http://agent',{createConnection:()=>require('net').connect('/run/hearth/agent.sock')});
    const r=h.request({':path':'/apps',authorization:'Bearer ${token}'});r.on('response',(x)=>{console.log(x[':status']);h.destroy()});r.end()`
  const { stdout } = await hearth.server.exec(['/usr/lib/hearth/current/node', '-e', script])
  return stdout.trim()
}
