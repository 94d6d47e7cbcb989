import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../servers/eventually.ts'
import type { Server } from '../../servers/server.ts'
import { isAllAsked } from '../../tooling/scope.ts'
import { bootDynoServer, insideCommand, prepareInside, runInside } from './dyno-server.ts'

let server: Server
beforeAll(async () => {
  server = await bootDynoServer()
})
afterAll(() => server?.destroy())

const shell = async (script: string) => (await server.exec(['sh', '-c', script], { allowFailure: true })).stdout
const leftovers = () =>
  shell(
    `ls /run/hearth/dynos; mount | grep hearth-dyno; systemctl list-units --all --no-legend 'hearth-dyno-*.service'
     [ -d /run/hearth/podman ] && ${withPodman} ps --all --quiet`,
  )
const withPodman =
  'CONTAINERS_CONF=/run/hearth/podman/containers.conf CONTAINERS_STORAGE_CONF=/run/hearth/podman/storage.conf podman'

/** A command of `inside.ts` as a unit of its own, which can be killed; resolves with its first line. */
async function startInside<T>(unit: string, ...command: string[]): Promise<T> {
  const output = `--property=StandardOutput=truncate:/run/${unit}.out`
  await server.exec(['systemd-run', '--quiet', '--collect', `--unit=${unit}`, output, ...insideCommand(...command)])
  const failure = `${unit} says nothing`
  const line = await eventually(async () => (await shell(`head -n 1 /run/${unit}.out`)).trim(), 30_000, failure)
  return JSON.parse(line) as T
}
const killInside = (unit: string) => server.exec(['systemctl', 'kill', '--signal=KILL', unit])

/** Without and with podman: what its containers are in is a unit all the same. */
const [own, contained] = [
  { how: 'by itself', options: [] },
  { how: 'with podman', options: ['--podman'] },
] as const

describe('the systemd runner', () => {
  test.each([
    { ...own, reason: 'its stack has no /bin/bash that runs here (203/EXEC)' },
    { ...contained, reason: "podman could not make its container; the app's log has what it said" },
  ])('$how, says why a start fails, and leaves nothing', async ({ options, reason }) => {
    const lines = await runInside<{ failure?: string; output?: string }>(server, 'fail', ...options)
    expect(lines.at(-1)?.failure).toBe(`HearthError: The dyno could not be started: ${reason}.`)
    expect(lines.at(-1)?.output ?? '').toMatch(options.length > 0 ? /bash.*no such file/i : /^$/)
    expect(await leftovers()).toBe('')
  })

  test('runs an image that has no shell, as the user that the image names', async () => {
    const [said] = await runInside<{ output: string; inside: string }>(server, 'image')
    expect(said?.output).toMatch(/^33\nblue \/bin \/bin\n.*ls: command not found\n$/)
    expect(said?.inside).toBe('33\nblue /bin\n')
    expect(await leftovers()).toBe('')
  })

  test('hears of its dynos again when the bus was restarted', async () => {
    const lines = await runInside<{ statuses?: number[] }>(server, 'rebus')
    expect(lines.at(-1)?.statuses).toEqual([4, 5])
  })

  test('keeps its dynos when systemd reads its units again', async () => {
    const lines = await runInside<{ signal?: string; next?: number }>(server, 'reload')
    expect(lines.at(-1)).toEqual({ signal: 'SIGTERM', next: 5 })
  })
})

describe('the systemd runner on a bus that allows few rules', () => {
  const limits = '/etc/dbus-1/system.d/few-rules.conf'
  const limit = (rules: number) =>
    `<busconfig><limit name="max_match_rules_per_connection">${rules}</limit></busconfig>`
  afterAll(() => shell(`rm ${limits}; systemctl restart dbus.service`))

  test('hears of all its dynos', async () => {
    await shell(`echo '${limit(16)}' > ${limits}; systemctl restart dbus.service`)
    const [said] = await runInside<{ ended: number; next: number }>(server, 'crowd')
    expect(said).toEqual({ ended: 20, next: 9 })
  })
})

describe.each([own, contained])('a dyno as a unit, $how', ({ options }) => {
  const isContained = options.length > 0
  const secret = 'xyzzy-4711-plugh'
  let held: { unit: string; output: string; address: { host: string; port: number } }
  beforeAll(async () => {
    held = await startInside('hold', 'hold', Buffer.from(secret).toString('hex'), ...options)
  })
  afterAll(async () => {
    await killInside('hold')
    await server.exec(['systemctl', 'stop', held.unit])
    // What is in a container is known to podman until an agent has looked.
    await runInside(server, 'probe', ...options)
  })

  // Podman keeps its containers apart by means that systemd does not see.
  if (!isContained)
    test('is exposed as little as systemd can measure', async () => {
      const verdict = await shell(`systemd-analyze security --no-pager ${held.unit} | tail -n 1`)
      expect(Number(/: ([\d.]+)/.exec(verdict)?.[1])).toBeLessThanOrEqual(2)
    })

  test('has its share of the processor by its size, beside the dynos of all apps', async () => {
    const shown = await shell(`systemctl show --property=ControlGroup,CPUWeight ${held.unit}`)
    expect(shown.trim().split('\n').sort()).toEqual([
      'CPUWeight=100',
      `ControlGroup=/hearth.slice/hearth-dynos.slice/${held.unit}`,
    ])
  })

  test('shows its config vars to nobody', async () => {
    expect(held.output).toBe(`${secret.length + 1}\n`)
    expect(await shell(`systemctl show ${held.unit}; journalctl --no-pager; systemctl cat ${held.unit}`)).not.toContain(
      secret,
    )
    expect(await shell(`cat /proc/[0-9]*/cmdline; cat /run/systemd/transient/*`)).not.toContain(secret)
    if (isContained) {
      expect(await shell(`${withPodman} inspect $(${withPodman} ps --quiet)`)).toContain('"Config"')
      expect(await shell(`${withPodman} inspect $(${withPodman} ps --quiet)`)).not.toContain(secret)
      expect(await shell(`grep -rs ${secret} /run/hearth/podman /var/lib/containers`)).toBe('')
    }
    const asNobody = `setpriv --reuid=65534 --regid=65534 --clear-groups sh -c`
    expect(await shell(`${asNobody} 'grep -rs ${secret.slice(0, 5)} /run /proc/[0-9]*/environ'`)).toBe('')
  })

  // It is the app's network, and has nothing of podman's.
  if (!isContained || isAllAsked)
    test('is reached by the server, and by no other app', async () => {
      const { host, port } = held.address
      const get = `exec 3<>/dev/tcp/${host}/${port}; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; timeout 5 tail -n 1 <&3`
      expect((await server.exec(['bash', '-c', get])).stdout).toBe('hello')
      const connect = (address: string, to: number) =>
        `timeout 3 bash -c 'exec 3<>/dev/tcp/${address}/${to}' 2>/dev/null && echo open || echo closed`
      const gateway = host.replace(/\.\d+\.\d+$/, '.0.1')
      const outside = server.host.replace(/\.\d+$/, '.1')
      const probes = await runInside<{ output: string }>(
        server,
        'probe',
        ...options,
        ...[connect(host, port), connect(gateway, 22), connect(server.host, 22), connect(outside, 22)],
      )
      expect(probes.map(({ output }) => output.trim())).toEqual(['closed', 'closed', 'closed', 'closed'])
    })

  test('sees and may do only what is its own', async () => {
    const probes = await runInside<{ command: string; output: string }>(
      server,
      'probe',
      ...options,
      'touch /x /usr/x /etc/x 2>&1 | grep -c denied',
      'touch /app/x /tmp/x /var/tmp/x /dev/shm/x && echo written',
      'ls -d /proc/[0-9]* | wc -l',
      'unshare --user true 2>&1; echo $?; chmod 000 /dev/null; [ -c /dev/null ] && [ -w /dev/null ] && echo whole',
      'id -un; echo $HOME; stat -c %U /app; [ $(id -u) = $(id -G) ] && echo alone',
      'kill -9 1; echo here',
      'ls /run/dbus /run/hearth /var/lib/hearth/state.db 2>&1 | grep -c "No such"',
      'node -e "console.log(process.constrainedMemory())"',
      // io_uring_setup(2): allowed it would find that it was given nothing (14).
      'perl -e \'syscall(425, 1, 0); print $! + 0, "\\n"\'',
      'head -c 400000000 /dev/zero >/tmp/full 2>&1; stat -c %s /tmp/full | grep -q ^2684 && echo bounded',
    )
    const outputs = probes.map(({ output }) => output)
    expect(outputs.slice(0, 2)).toEqual(['3\n', 'written\n'])
    expect(Number(outputs[2])).toBeLessThanOrEqual(4)
    expect(outputs[3]).toMatch(/not permitted[\s\S]*1\n[\s\S]*whole\n$/)
    expect(outputs[4]).toMatch(/^hearth-app-(\d+)\n\/app\nhearth-app-\1\nalone\n$/)
    expect(outputs[5]).toMatch(/here\n$/)
    expect(outputs[6]).toBe('3\n')
    expect(outputs[7]).toBe(`${512 * 1024 * 1024}\n`)
    expect(outputs[8]).toBe('1\n')
    expect(outputs[9]).toBe('bounded\n')
    // A container's user is given what podman takes for /dev/null.
    expect(await shell('stat --format="%U %a" /dev/null')).toBe('root 666\n')
  })
})

describe('an agent that is killed', () => {
  test.each([own, contained])(
    'is followed by one that finds its dynos, $how, and loses no line and no exit',
    async ({ options }) => {
      type Started = Record<'counter' | 'web' | 'failing' | 'ending' | 'oneOff', { id: string }>
      const started = await startInside<Started>('leave', 'leave', ...options)
      await killInside('leave')
      // As any package's installation does: systemd reads the dynos' unit files again and must still know them.
      await server.exec(['systemctl', 'daemon-reload'])
      const before = (await shell('cat /run/leave.out')).split('\n').slice(1)
      const meanwhile = [started.failing.id, started.ending.id]
      for (const id of [started.counter.id, ...meanwhile]) await shell(`touch /run/hearth/dynos/${id}/root/app/go`)
      const units = meanwhile.map((id) => `hearth-dyno-${id}.service`).join(' ')
      const haveEnded = async () => !/^active/m.test(await shell(`systemctl is-active ${units}`))
      await eventually(haveEnded, 30_000, 'they do not end')
      const [found] = await runInside<{
        found: { id: string }[]
        exits: { id: string; status: number | null }[]
        output: string
        answer: string
      }>(server, 'adopt', ...options, started.counter.id, started.web.id)
      expect(found?.found.map(({ id }) => id).sort()).toEqual([started.counter.id, started.web.id].sort())
      expect(found?.answer).toBe('hello')
      const status = (id: string) => found?.exits.find((exit) => exit.id === id)?.status
      expect([status(started.failing.id), status(started.ending.id)]).toEqual([7, 0])
      expect(found?.exits.map(({ id }) => id)).toContain(started.oneOff.id)
      const heard = before.map((line) => (line ? (JSON.parse(line) as { output: string }).output : '')).join('')
      expect(`${heard}${found?.output}`.endsWith(countUp(Number.parseInt(heard || (found?.output ?? ''), 10)))).toBe(
        true,
      )
      expect(await leftovers()).toBe('')
    },
  )
})

/** `first` to 3000, as the counting dyno writes them. */
const countUp = (first: number) => Array.from({ length: 3001 - first }, (_, i) => `${first + i}\n`).join('')

describe('after a reboot', () => {
  test('dynos start again, on a network made anew', async () => {
    await server.reboot()
    await prepareInside(server)
    const probes = await runInside<{ output: string }>(server, 'probe', 'echo here; id -un')
    expect(probes[0]?.output).toMatch(/^here\nhearth-app-\d+\n$/)
  })

  test('a destroyed app leaves neither user nor network', async () => {
    await runInside(server, 'destroy')
    expect(
      await shell(
        'getent passwd | grep hearth-app-; getent group | grep hearth-app-; ip netns list; ls /run/hearth/apps',
      ),
    ).toBe('')
  })
})
