import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, fixture, type HearthServer } from '../hearth-server.ts'
import { agentOf, readLog, runInApp } from './run-in-app.ts'

let hearth: HearthServer
const folders: string[] = []
beforeAll(async () => {
  hearth = await bootHearthServer()
  // The same source: one slug, two apps.
  await hearth.desktop.deploy('victim', fixture('node-hello'))
  await hearth.desktop.deploy('hostile', fixture('node-hello'))
})
afterAll(async () => {
  await hearth?.[Symbol.asyncDispose]()
  for (const folder of folders) await rm(folder, { recursive: true })
})

const onServer = async (script: string) =>
  (await hearth.server.exec(['sh', '-c', script], { allowFailure: true })).stdout.trim()
const run = (command: string, size?: string) => runInApp(hearth.desktop, 'hostile', command, size)

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-hostile-'))
  folders.push(folder)
  await cp(fixture('node-hello'), folder, { recursive: true })
  return folder
}

/** Makes `hostile` a Node app whose web process is this. */
async function deployWeb(text: string): Promise<void> {
  const folder = await makeFolder()
  await writeFile(path.join(folder, 'server.js'), text)
  await hearth.desktop.deploy('hostile', folder)
}

describe('a hostile app', () => {
  test('changes its own files in its own dyno only, and nobody else may', async () => {
    const { output } = await run('id -u; stat -c "%a %u" /app /app/server.js; echo x >>server.js && echo changed')
    const [uid] = output.split('\n')
    expect(output).toBe(`${uid}\n755 ${uid}\n644 ${uid}\nchanged\n`)
    const victim = await runInApp(hearth.desktop, 'victim', 'id -u; stat -c %u server.js; tail -c 2 server.js')
    const [other] = victim.output.split('\n')
    expect(victim.output.startsWith(`${other}\n${other}\n`)).toBe(true)
    expect(other).not.toBe(uid)
    expect(victim.output).not.toMatch(/x\n$/)
  })

  test('does not see the server: no files of others, no processes but its own, no sockets', async () => {
    const { output } = await run(`ls -d /proc/[0-9]* | wc -l; ls /var/lib/hearth /etc/hearth /run/hearth /run/dbus 2>&1
      cat /etc/shadow /proc/1/environ /proc/kcore 2>&1 | head -c 200; ls /sys/kernel /dev; find / -xdev -type s 2>/dev/null`)
    expect(Number(output.split('\n')[0])).toBeLessThan(8)
    expect(output).not.toMatch(/agent\.sock|mint\.key|system_bus_socket|state\.db|sda|kmsg|root:[*$!]/)
  })

  test('reaches neither sshd, nor the server, nor its network, nor other dynos', async () => {
    const list = JSON.parse(
      await onServer(
        `/usr/lib/hearth/current/node -p 'JSON.stringify(require("fs").readdirSync("/run/hearth/dynos").map((n) => require("/run/hearth/dynos/" + n + "/dyno.json")))'`,
      ),
    ) as { appId: string; address: { host: string; port: number } | null }[]
    const { app } = await hearth.desktop.calls['apps.get'](hearth.desktop.of('victim'))
    const victim = list.find((one) => one.appId === app.id)?.address
    if (!victim) throw new Error('the victim has no web dyno')
    const bridge = victim.host.replace(/\.\d+\.\d+$/, '.0.1')
    const places = [
      [hearth.server.host, 22],
      [bridge, 22],
      ['127.0.0.1', 22],
      [hearth.server.host.replace(/\d+$/, '1'), 22],
      ['169.254.169.254', 80],
      [victim.host, victim.port],
    ]
    const { output } = await run(
      places
        .map(([host, port]) => `timeout 3 bash -c ': >/dev/tcp/${host}/${port}' 2>&1 && echo reached ${host}`)
        .join('; '),
    )
    expect(output).not.toContain('reached')
    // The address is right: the server itself, which routes, does reach it.
    const fetching = `fetch('http://${victim.host}:${victim.port}/').then((r) => r.text()).then(console.log)`
    expect(await onServer(`/usr/lib/hearth/current/node -e "${fetching}"`)).toContain('hello from')
  })

  test('has no neighbour but the server, however many it looks for: the table of them is one for all', async () => {
    const { output } = await run(`cat /proc/net/if_inet6; node -e "
      const socket = require('dgram').createSocket('udp4')
      for (let at = 0; at < 500; at++) socket.send('x', 9, '10.213.7.' + (at % 250))
      for (let at = 0; at < 500; at++) socket.send('x', 9, require('os').networkInterfaces().eth0[0].address.replace(/\\d+$/, at % 250))
      setTimeout(() => process.exit(console.log(require('fs').readFileSync('/proc/net/arp', 'utf8'))), 500)"`)
    expect(output).toContain('HW address')
    expect(output).not.toMatch(/fe80.* eth0/)
    expect(output.match(/ eth0$/gm)).toHaveLength(1)
  })

  test('makes no more processes than its size allows, and the server stays well', async () => {
    const bomb =
      'ulimit -u 100000 2>/dev/null; for i in {1..2000}; do sleep 20 & done; ls -d /proc/[0-9]* | wc -l; kill $(jobs -p)'
    const { output } = await run(bomb, 'small')
    // Bash gives up on the first that it may not make, before it counts.
    expect(Number(output.match(/^\d+$/m)?.[0] ?? 0)).toBeLessThanOrEqual(257)
    expect(output).toMatch(/fork: .*unavailable/i)
    expect(await agentOf(hearth.desktop).ping()).toBeLessThan(5000)
  })

  test('fills its own disk, which is gone with it', async () => {
    // What lies in the folder, not what is free: the disk under it is shared with whatever else runs here.
    const used = async () => Number((await onServer('du -skx /var/lib/hearth')).split('\t')[0])
    const before = await used()
    const { output, exitCode } = await run(
      'head -c 3G /dev/zero >/app/fill; stat -c %s /app/fill; cat /app/fill >/tmp/x',
      'small',
    )
    expect(exitCode).not.toBe(0)
    expect(Number(output.match(/^\d+$/m)?.[0] ?? 0)).toBeLessThan(300 * 1024 * 1024)
    expect((await used()) - before).toBeLessThan(50 * 1024)
    const isGone = async () => (await onServer('mount | grep -c hearth-dyno')) === '4'
    await eventually(isGone, 30_000, 'its disk is still mounted')
  })

  test('gains nothing by set-user-id programs, name spaces, devices or tracing', async () => {
    const { output } = await run(`grep -E 'NoNewPrivs|CapEff|CapBnd|Seccomp:' /proc/self/status
      unshare -Ur true 2>&1; mknod /tmp/n b 8 0 2>&1; mount -t tmpfs x /mnt 2>&1; su -c id 2>&1 </dev/null
      cp /bin/bash /tmp/b && chmod u+s /tmp/b; stat -c %A /tmp/b`)
    expect(output).toMatch(/CapEff:\s+0+\n/)
    expect(output).toMatch(/CapBnd:\s+0+\n/)
    expect(output).toMatch(/NoNewPrivs:\s+1/)
    expect(output).toMatch(/Seccomp:\s+2/)
    expect(output).not.toContain('uid=0')
    expect(output).toMatch(/unshare.*not permitted/)
    expect(output).toMatch(/mknod.*not permitted/)
  })

  test('is killed when it, or what it has left running, ignores SIGTERM, and may close its output', async () => {
    await deployWeb(`const stubborn = "trap '' TERM; while :; do sleep 1; done"
      if (!process.env.CLOSE) process.on('SIGTERM', () => console.log('no'))
      else require('child_process').spawn('bash', ['-c', stubborn], { detached: true, stdio: 'ignore' })
      require('http').createServer((q, s) => s.end('up')).listen(process.env.PORT)
      if (process.env.CLOSE) { require('fs').closeSync(1); require('fs').closeSync(2) }`)
    const { desktop } = hearth
    await desktop.calls['configVars.update']({ ...desktop.of('hostile'), update: { CLOSE: '1' } })
    await desktop.calls['formation.update']({ ...desktop.of('hostile'), updates: [{ type: 'web', quantity: 0 }] })
    const units = () => onServer("systemctl list-units --no-legend --plain 'hearth-dyno-*' | grep -c 'of hostile'")
    await eventually(async () => (await units()) === '0', 90_000, 'the dyno is still there')
    const told = async () => (await readLog(desktop, 'hostile')).match(/heroku\[web\.1\]: Error R12/g)?.length === 2
    await eventually(told, 30_000, 'not both of them are told (R12)')
  })

  test('writes endless lines without the agent growing', async () => {
    const memory = async () =>
      Number(
        (await onServer('systemctl show -P MainPID hearth-agent | xargs -I{} grep VmRSS /proc/{}/status')).match(
          /\d+/,
        )?.[0],
      )
    const before = await memory()
    await agentOf(hearth.desktop).call(
      'createDyno',
      { app: 'hostile' },
      { command: 'head -c 100M /dev/zero | tr "\\0" x; echo; echo written' },
    )
    let peak = before
    await eventually(
      async () => {
        peak = Math.max(peak, await memory())
        // Not the whole log, which the agent would have in hand again with each look.
        return (await readLog(hearth.desktop, 'hostile', 10)).includes(': written\n')
      },
      60_000,
      'it did not end',
    )
    // 15 MB of it are kept, in memory and on their way to the disk; what was copied for that meanwhile Node gives back when it likes.
    expect(peak - before).toBeLessThan(150 * 1024)
    // A long line is several; of those the newest 1,500 are kept, each of at most 10,000 bytes and its beginning.
    expect((await readLog(hearth.desktop, 'hostile')).length).toBeLessThan(1500 * 10_100)
  })

  test('floods its log, loses lines that are counted in it, and the agent answers', async () => {
    await agentOf(hearth.desktop).call(
      'createDyno',
      { app: 'hostile' },
      { command: 'timeout 4 yes; sleep 2; echo flooded' },
    )
    const dropped = /heroku\[run\.\d+\]: Error L10 \(output buffer overflow\): \d+ messages dropped since /
    const told = async () => dropped.test(await readLog(hearth.desktop, 'hostile'))
    await eventually(told, 60_000, 'nothing was said to be dropped')
    expect(await agentOf(hearth.desktop).ping()).toBeLessThan(5000)
    const last = async () => (await readLog(hearth.desktop, 'hostile')).includes(': flooded\n')
    await eventually(last, 60_000, 'what it said last is not there')
  })

  test('leaves nothing dangerous in its slug', async () => {
    const folder = await makeFolder()
    const script =
      'cp /bin/bash sh; chmod 6755 sh; rm -rf .profile.d; ln -s /etc .profile.d; ln -s /proc/1/environ leak; mkfifo pipe; chmod 777 .; mknod disk b 8 0; true'
    await writeFile(
      path.join(folder, 'package.json'),
      JSON.stringify({ engines: { node: '24.x' }, scripts: { build: script, start: 'node server.js' } }),
    )
    // Odd names and NUL are no process types, and an endless file no reason to wait.
    await writeFile(path.join(folder, 'Procfile'), `web: node server.js\nbad\0name: x\n${'y'.repeat(2_000_000)}: z\n`)
    const deploy = await hearth.desktop.tryDeploy('hostile', folder)
    expect(['succeeded', 'failed']).toContain(deploy.state)
    expect(
      await onServer(
        'find /var/lib/hearth/slugs ( -perm /6022 -o -type p -o -type b ) ! -type l'.replace(/[()]/g, '\\$&'),
      ),
    ).toBe('')
    const { output } = await run('cat /app/leak 2>&1; ls -l /app/sh 2>&1; cat /etc/hostname')
    expect(output).not.toMatch(/NOTIFY_SOCKET|rws/)
    expect(await agentOf(hearth.desktop).ping()).toBeLessThan(5000)
  })
})
