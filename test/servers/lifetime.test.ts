import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { processesOf } from './cgroup.ts'
import { bootServer, destroyStale, eventually, findServer, listServers, prepareImage } from './index.ts'
import { run } from './run.ts'
import { imagesDir, locked, type Machine, machineDir, readMachine, stateDir } from './state.ts'

const image = `test-${process.pid}`
afterAll(() => run(['rm', '-rf', join(imagesDir, image), join(stateDir, 'locks', `image-${image}`)]))

const cli = (...parameters: string[]) => run([process.execPath, join(import.meta.dirname, 'cli.ts'), ...parameters])

test('a destroyed server leaves nothing', async () => {
  const server = await bootServer({ diskBytes: 32 * 2 ** 20 })
  const slot = readMachine(server.name)?.slot
  await server.exec(['systemd-run', 'sleep', 'infinity'])
  expect(await findTraces(server.name, slot)).not.toEqual([])
  await server.destroy()
  await server.destroy()
  // Nobody else makes a machine meanwhile: its name may be another one's afterwards, which would be found by it.
  await locked('machines', async () => {
    if (readMachine(server.name)) return
    expect(await findTraces(server.name, slot)).toEqual([])
    await expect(server.exec(['true'])).rejects.toThrow()
  })
})

test('a server starts from a prepared image, with its storage, as a machine of its own', async () => {
  await prepareImage(image, {}, async (server) => {
    await server.exec(['mkdir', '-p', '/var/lib/hearth/stacks/one', '/var/lib/hearth/logs'])
    await server.exec(['sh', '-c', 'cd /var/lib/hearth; echo prepared | tee stacks/one/file logs/file /etc/prepared'])
  })
  await prepareImage(image, {}, () => Promise.reject(new Error('made twice')))
  await using one = await bootServer({ image })
  await using two = await bootServer({ image, diskBytes: 64 * 2 ** 20 })
  const files = ['/etc/prepared', '/var/lib/hearth/stacks/one/file', '/var/lib/hearth/logs/file']
  for (const server of [one, two]) {
    expect((await server.exec(['cat', ...files])).stdout).toBe('prepared\nprepared\nprepared\n')
    expect((await server.exec(['hostname'])).stdout.trim()).toBe(server.name)
  }
  expect(one.hostKeyFingerprint).not.toBe(two.hostKeyFingerprint)
  await one.exec(['sh', '-c', 'echo changed > /var/lib/hearth/logs/file; rm /etc/prepared'])
  expect((await two.exec(['cat', ...files])).stdout).toBe('prepared\nprepared\nprepared\n')
})

test('the host key is the one that was told, and the key opens root and a sudo user', async () => {
  await using server = await bootServer()
  const known = await run(['ssh-keyscan', '-t', 'ed25519', server.host])
  const { stdout } = await run(['ssh-keygen', '-lf', '-'], { input: known.stdout })
  expect(stdout).toContain(server.hostKeyFingerprint)
  const options = ['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null']
  const ssh = (user: string, ...command: string[]) =>
    run(['ssh', '-i', server.key, ...options, `${user}@${server.host}`, ...command])
  expect((await ssh('root', 'whoami')).stdout).toBe('root\n')
  expect((await ssh('debian', 'sudo', '-n', 'whoami')).stdout).toBe('root\n')
})

test('a server whose maker died is destroyed by the next', async () => {
  const library = join(import.meta.dirname, 'index.ts')
  const maker = `const { bootServer } = await import(${JSON.stringify(library)})
    const { readMachine } = await import(${JSON.stringify(join(import.meta.dirname, 'state.ts'))})
    console.log(JSON.stringify(readMachine((await bootServer()).name))); process.kill(process.pid, 'SIGKILL')`
  const { stdout } = await run([process.execPath, '--input-type=module', '--eval', maker], { allowFailure: true })
  const orphan = JSON.parse(stdout) as Machine
  await using living = await bootServer()
  await destroyStale()
  const isOrphanGone = () => readMachine(orphan.name)?.id !== orphan.id
  await eventually(isOrphanGone, 20_000, 'the orphan lives on')
  await living.exec(['true'])
})

test('a server of the command line outlives it, until down', async () => {
  const [row] = JSON.parse((await cli('up', '--json')).stdout)
  const id = readMachine(row.name)?.id
  try {
    expect(Object.keys(row)).toEqual(['name', 'host', 'port', 'user', 'key'])
    await destroyStale()
    expect((await cli('exec', row.name, '--', 'echo', 'two  words', '$HOME')).stdout).toBe('two  words $HOME\n')
    expect(listServers().map(({ name }) => name)).toContain(row.name)
    await cli('reboot', row.name)
    await findServer(row.name).exec(['true'])
  } finally {
    await cli('down', row.name)
  }
  expect(readMachine(row.name)?.id).not.toBe(id)
})

async function findTraces(name: string, slot: number | undefined): Promise<string[]> {
  const cgroups = readdirSync('/sys/fs/cgroup').map((tree) => `/sys/fs/cgroup/${tree}/hearth-test-servers/${name}`)
  const folders = [machineDir(name), `/run/netns/hts-${name}`, `/sys/class/net/hts-${slot}`, ...cgroups]
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  const loops = (await run(['losetup', '--all', '--noheadings', '--output', 'BACK-FILE'])).stdout.split('\n')
  return [
    ...folders.filter((folder) => existsSync(folder)),
    ...[...mounts, ...loops].filter((line) => line.includes(`${machineDir(name)}/`) || line.includes(`hts-${name} `)),
    ...processesOf(name).map((pid) => `process ${pid}`),
  ]
}
