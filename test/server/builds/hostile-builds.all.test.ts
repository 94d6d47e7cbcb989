// Buildpacks that do harm, one after the other, on a server with a small disk, beside an app that people visit.
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, fixture, type HearthServer } from '../hearth-server.ts'
import { type Load, startLoad } from '../resilience/load.ts'
import { agentOf } from '../security/run-in-app.ts'

const gigabyte = 1024 ** 3
const limits = 'memoryMb=600 tasks=300 minutes=1 diskReserveMb=1024'

let hearth: HearthServer
let visitors: Load
beforeAll(async () => {
  hearth = await bootHearthServer({ diskBytes: 7 * gigabyte })
  const { desktop, server } = hearth
  await server.exec(['sh', '-c', `echo 'HEARTH_BUILD_LIMITS="${limits}"' >>/etc/hearth/environment`])
  await server.exec(['systemctl', 'restart', 'hearth-agent'])
  await desktop.whenAnswering()
  await desktop.deploy('live', fixture('node-hello'))
  visitors = startLoad({ host: server.host, port: 80, hostname: 'live.localhost' }, 10)
}, 400_000)
afterAll(() => hearth?.[Symbol.asyncDispose]())

const onServer = async (script: string) =>
  (await hearth.server.exec(['bash', '-c', script], { allowFailure: true })).stdout.trim()

/** A classic buildpack on the server; without bin/layers it has compilers, Python and Perl. */
async function writeBuildpack(name: string, compile: string, needsTools = false): Promise<string> {
  const folder = `/opt/packs/${name}`
  const at = (file: string) => hearth.server.path(`${folder}/bin/${file}`)
  await mkdir(at(''), { recursive: true })
  const scripts = { detect: 'echo Hostile', compile, ...(needsTools ? {} : { layers: '' }) }
  for (const [script, text] of Object.entries(scripts)) {
    await writeFile(at(script), `#!/usr/bin/env bash\n${text}\n`)
    await chmod(at(script), 0o755)
  }
  return folder
}

/** Deploys an app of its own, and asks the agent all the while. */
async function build(name: string, compile: string, options: { needsTools?: boolean; app?: string } = {}) {
  const { desktop } = hearth
  const { needsTools, app = name } = options
  const buildpack = await writeBuildpack(name, compile, needsTools)
  if (app === name) await desktop.calls['apps.create']({ serverId: desktop.serverId, name })
  await desktop.calls['buildpacks.update']({ ...desktop.of(app), buildpacks: [buildpack] })
  const asked = await askWhile(() => desktop.tryDeploy(app, fixture('procfile-missing-web')))
  expect(asked.answers).toBeGreaterThan(0)
  return asked.result
}

/** A desktop that was not answered for some time connects anew; what counts is that it is answered. */
async function askWhile<T>(act: () => Promise<T>): Promise<{ result: T; answers: number }> {
  const acting = act()
  const isOver = () => Promise.race([acting.then(() => true), delay(200, false)])
  let answers = 0
  while (!(await isOver()))
    answers += await agentOf(hearth.desktop)
      .ping()
      .then(
        () => 1,
        () => 0,
      )
  return { result: await acting, answers }
}

/** Nothing of a build is left on the server: no process, no folder, no mount, no unit. */
async function expectNothingLeft(): Promise<void> {
  const left = () =>
    onServer('pgrep -u hearth-build; ls -A /var/lib/hearth/builds; grep -o "/var/lib/hearth/builds[^ ]*" /proc/mounts')
  await eventually(async () => (await left()) === '', 20_000, 'something of the build is left')
  expect(await onServer("systemctl list-units --all --no-legend --plain 'hearth-build-*'")).toBe('')
}

describe('a build that', () => {
  const node = (script: string) => `"$HEARTH_NODE" -e '${script}'`
  const fillFolders = (folder: string) =>
    `for n in {1..4}; do (for i in {1..4000}; do mkdir "${folder}/$n-$i" && (cd "${folder}/$n-$i" && touch {1..1000}) || exit; done) & done; wait`

  test.each<[name: string, compile: string, said: RegExp]>([
    [
      'forks-without-end',
      'bomb() { bomb | bomb & }; bomb; sleep 600',
      /more than 300 processes and threads at once.*: make it start fewer/,
    ],
    [
      'starts-threads',
      node(
        'for (let i = 0; i < 400; i++) new (require("worker_threads").Worker)("setInterval(() => {}, 1e6)", { eval: true })',
      ),
      /more than (300 processes|600 MB)/,
    ],
    [
      'eats-memory',
      node('for (const all = []; ; ) all.push(Buffer.alloc(1e7, 1))'),
      /used more than 600 MB of memory.*: make it use less/,
    ],
    [
      'eats-memory-in-parts',
      `for i in {1..8}; do ${node('const a = Buffer.alloc(1.5e8, 1); setInterval(() => a, 1e6)')} & done; wait; exit 1`,
      /used more than 600 MB of memory/,
    ],
    [
      'fills-the-disk',
      'for i in 1 2 3; do cat /dev/zero >"$1/$i" & done; wait; sleep 600',
      /disk was nearly full: make it write less/,
    ],
    ['fills-the-disk-elsewhere', 'cat /dev/zero >/var/tmp/fill; sleep 600', /disk was nearly full/],
    ['fills-its-cache', 'cat /dev/zero >"$2/fill"; sleep 600', /disk was nearly full/],
    [
      'fills-the-disk-at-once',
      'fallocate -l 60G "$1/fill" || { cat /dev/zero >"$1/fill"; sleep 600; }',
      /disk was nearly full/,
    ],
    [
      'makes-files-without-end',
      `${fillFolders('$1')}; sleep 600`,
      /disk takes hardly any more files: make it write fewer/,
    ],
    [
      'makes-a-file-of-holes',
      'truncate -s 8T "$1/holes"',
      /: The slug is too large: with holes it has 8388608 MB, and 4000 MB is the most\. Leave files out/,
    ],
    [
      'makes-a-large-file',
      'head -c 4300M /dev/zero >"$1/large"',
      /: The slug is too large: with large it has 4300 MB|nearly full/,
    ],
    [
      'ignores-sigterm',
      "trap '' TERM HUP INT; while :; do sleep 1; done",
      /took longer than 60 seconds and was stopped: see above/,
    ],
    [
      'makes-folders-too-deep',
      'name=$(printf "x%.0s" {1..200}); for d in "$1" "$2"; do cd "$d"; for i in {1..30}; do mkdir $name && cd -P $name; done; done',
      /path was longer than 4,096 bytes.*Make them less deep/,
    ],
    ['names-a-file-in-no-encoding', 'touch "$1"/$\'caf\\xe9\'', /whose name is no UTF-8: 'caf.'. Give it another name/],
    [
      'says-it-rudely',
      "printf '\\033]52;c;ZXZpbA==\\a\\033[2J\\n\\033[31m !     \\033]0;t\\aIt is lost.\\033[0m\\n'; exit 1",
      /: \]0;tIt is lost\.$/,
    ],
  ])(
    '%s is ended and told in a sentence',
    async (name, compile, said) => {
      const { state, error, output } = await build(name, compile)
      expect({ state, error }, output.slice(-2000)).toEqual({ state: 'failed', error: expect.stringMatching(said) })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      expect(output).not.toMatch(/\u001b[^[]|\u001b\[[\d;]*[^m\d;]|\u0007/)
      await expectNothingLeft()
      const { desktop } = hearth
      const { app } = await desktop.calls['apps.get'](desktop.of(name))
      await desktop.calls['apps.destroy']({ ...desktop.of(name), confirm: name })
      const caches = () => onServer('ls /var/lib/hearth/caches')
      await eventually(async () => !(await caches()).includes(app.id), 60_000, 'its cache is left')
    },
    240_000,
  )

  test('floods its output, in lines and in one, is kept of what people read, and is served', async () => {
    const lines = await build(
      'floods',
      'timeout 5 yes "what a day!"; head -c 40M /dev/zero | tr "\\0" x; echo; echo done',
    )
    expect(lines.state, lines.error ?? '').toBe('succeeded')
    expect(lines.output).toContain('The output is too long; the rest is not kept.')
    expect(lines.output.length).toBeLessThan(9 * 1024 * 1024)
    await expectNothingLeft()
  }, 240_000)

  test('leaves daemons behind is served without them', async () => {
    const { state, error } = await build(
      'leaves-daemons',
      `setsid sleep 7654 & nohup sleep 7654 >/dev/null 2>&1 & (trap '' TERM HUP; sleep 7654) & disown -a; exit 0`,
    )
    expect(state, error ?? '').toBe('succeeded')
    expect(await onServer('pgrep -f "sleep 7654"')).toBe('')
    await expectNothingLeft()
  }, 240_000)

  test('leaves 100,000 files in one folder is served, and its slug is as good as another', async () => {
    const { state, error } = await build('many-files', 'mkdir "$1/many" && cd "$1/many" && seq 100000 | xargs touch')
    expect(state, error ?? '').toBe('succeeded')
    await expectNothingLeft()
    const { desktop } = hearth
    await desktop.calls['apps.destroy']({ ...desktop.of('many-files'), confirm: 'many-files' })
  }, 240_000)

  test('waits for the disk without end leaves the others their disk', async () => {
    const flood =
      'for i in {1..8}; do (timeout 8 bash -c "while :; do head -c 64K /dev/zero | dd of=\\"$1\\"/f$i oflag=sync conv=fsync status=none; done") & done; wait; date -s 2001-01-01; true'
    const { state, error, output } = await build('syncs', flood)
    expect(state, error ?? '').toBe('succeeded')
    expect(output).toMatch(/date: cannot set date: Operation not permitted/)
    expect(await onServer('date +%Y')).not.toBe('2001')
  }, 240_000)

  test('looks around the network reaches neither the server, nor its sockets, nor dynos, nor the local network', async () => {
    const { server, desktop } = hearth
    const { app } = await desktop.calls['apps.get'](desktop.of('live'))
    const dynos = await onServer('cat /run/hearth/dynos/*/dyno.json')
    const address = new RegExp(`"appId":"${app.id}".*?"host":"([\\d.]+)","port":(\\d+)`, 's').exec(
      dynos.replaceAll(/\s/g, ''),
    )
    if (!address) throw new Error(`the live dyno has no address: ${dynos}`)
    const [gateway, bridge] = [server.host.replace(/\d+$/, '1'), (address[1] ?? '').replace(/\.\d+\.\d+$/, '.0.1')]
    const places = [
      '127.0.0.1 22',
      `${server.host} 22`,
      `${gateway} 22`,
      `${bridge} 22`,
      '169.254.169.254 80',
      `${address[1]} ${address[2]}`,
      '192.168.1.1 80',
      '10.0.0.1 80',
      '172.17.0.1 22',
    ]
    const tries = places.map(
      (place) => `timeout 2 bash -c ': >/dev/tcp/${place.replace(' ', '/')}' 2>/dev/null && echo "reached ${place}"`,
    )
    const sockets =
      'find / -xdev -type s 2>/dev/null; ls /run/hearth /run/hearth-router /run/dbus /run/systemd /var/lib/hearth /etc/hearth 2>/dev/null; cat /proc/net/unix | grep hearth'
    const { state, output, error } = await build(
      'scans',
      `${tries.join('\n')}\necho scanned; ${sockets}; cat /proc/1/environ /proc/kcore 2>/dev/null | head -c 100; ls -d /proc/[0-9]* | wc -l`,
    )
    expect(state, error ?? '').toBe('succeeded')
    expect(output).toContain('scanned')
    expect(output).not.toMatch(/reached|\.sock|mint\.key|state\.db|private/)
  }, 240_000)

  test('plants links, odd files and odd rights is served what is left of it, and the agent follows none', async () => {
    const traps = `for n in 0.release 0.report failed 0.layers; do ln -sf /etc/shadow "/hearth/results/$n"; done
      ln -sf /etc/shadow "$1/Procfile"; ln -s /etc "$1/etc"; ln -s /var/lib/hearth "$1/state"; ln -s ../../.. "$1/up"
      ln -sf / "$2/root"; mkdir -p "$2/x" && rm -r "$2/x" && ln -s /etc/hearth "$2/x"
      cp /bin/sh "$1/sh" && chmod 6755 "$1/sh"; mkfifo "$1/pipe"; mknod "$1/disk" b 8 0; mknod "$1/null" c 1 3
      python3 -c 'import os, socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1] + "/socket"); os.setxattr(sys.argv[1] + "/sh", "user.x", b"1")' "$1"
      touch "$1"/$'line\\nend' "$1"/$'\\033[31mred'; chmod 777 "$1"; chmod 000 "$1/package.json"; exit 0`
    const { state, output, error } = await build('plants', traps, { needsTools: true })
    expect(state, `${error} ${output}`).toBe('succeeded')
    expect(output).toMatch(/mknod: .*Operation not permitted/)
    expect(output).toContain('Operation not supported')
    expect(output).toContain('The app has no Procfile')
    expect(output).not.toMatch(/root:[*!$]/)
    const odd = await onServer(
      'find /var/lib/hearth/slugs \\( -perm /6022 -o -type p -o -type s -o -type b -o -type c \\) ! -type l',
    )
    expect(odd).toBe('')
    const again = await build('plants-again', 'readlink "$2/root" "$2/x"; true', { app: 'plants' })
    expect(again.output).toContain('/etc/hearth')
    expect(await onServer('ls -A /etc/hearth | wc -l; stat -c %U /etc/shadow /')).toMatch(/^[1-9]\d*\nroot\nroot$/)
  }, 400_000)

  test('comes to all this without a visitor of the live app noticing', async () => {
    const { failures, sent } = await visitors.stop()
    expect(failures).toEqual([])
    expect(sent).toBeGreaterThan(100)
    await expectNothingLeft()
    await hearth.server.exec(['systemctl', 'restart', 'hearth-agent'])
    await hearth.desktop.whenAnswering()
  }, 120_000)
})
