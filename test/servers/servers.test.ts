import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { bootServer, bootServers, eventually, type Server } from './index.ts'
import { run } from './run.ts'

const read = async (server: Server, command: string[]) => (await server.exec(command)).stdout.trim()
const reaches = (from: Server, to: Server) =>
  from.exec(['bash', '-c', `read -t 2 line < /dev/tcp/${to.host}/22 && echo "$line"`], { allowFailure: true })

test('two servers reach each other and the package mirror', async () => {
  const [one, two] = await bootServers(2)
  if (!one || !two) throw new Error('two servers were ordered')
  await using _one = one
  await using _two = two
  expect((await reaches(one, two)).stdout).toMatch(/^SSH-2.0-/)
  expect((await reaches(two, one)).stdout).toMatch(/^SSH-2.0-/)
  await one.exec(['apt-get', 'update'])
  await one.exec(['apt-get', 'install', '--yes', '--no-install-recommends', 'curl'])
  const registry = (await run(['npm', 'config', 'get', 'registry'])).stdout.trim()
  const reply = await read(one, ['curl', '-fsS', new URL('zod/latest', registry).href])
  expect(JSON.parse(reply)).toMatchObject({ name: 'zod' })
})

test('a cut server is not reached until it is restored', async () => {
  await using server = await bootServer()
  await server.cut()
  expect(await opens(server)).toBe(false)
  expect(await read(server, ['hostname'])).toBe(server.name)
  await server.restore()
  await eventually(() => opens(server), 30_000, 'the restored server is not reached')
})

test('a reboot keeps files and address, from outside and from inside', async () => {
  await using server = await bootServer()
  const bootId = () => read(server, ['cat', '/proc/sys/kernel/random/boot_id'])
  const machineId = await read(server, ['cat', '/etc/machine-id'])
  await server.exec(['touch', '/root/kept', '/var/lib/hearth/kept', '/tmp/gone'])
  const started = () => read(server, ['systemctl', 'show', '--property=UserspaceTimestampMonotonic'])
  const first = await started()
  await server.reboot()
  expect(await started()).not.toBe(first)
  await server.exec(['systemctl', 'reboot'], { allowFailure: true })
  await eventually(async () => !(await opens(server)), 20_000, 'the server never went down')
  await server.ready()
  await server.exec(['test', '-e', '/root/kept', '-a', '-e', '/var/lib/hearth/kept', '-a', '!', '-e', '/tmp/gone'])
  expect(await read(server, ['cat', '/etc/machine-id'])).toBe(machineId)
  expect(await bootId()).not.toBe('')
})

test('a pulled plug keeps the disk and stops what ran', async () => {
  await using server = await bootServer()
  await server.exec(['systemd-run', '--unit=worker', 'sleep', 'infinity'])
  await server.exec(['sh', '-c', 'echo kept > /root/kept; echo kept > /var/lib/hearth/kept'])
  await server.kill()
  expect(await read(server, ['cat', '/root/kept', '/var/lib/hearth/kept'])).toBe('kept\nkept')
  expect((await server.exec(['systemctl', 'is-active', 'worker'], { allowFailure: true })).exitCode).not.toBe(0)
})

test('a server that was powered off comes back when powered on', async () => {
  await using server = await bootServer()
  await server.powerOff()
  expect(await opens(server)).toBe(false)
  await expect(server.exec(['true'])).rejects.toThrow('is off')
  await server.powerOn()
  await server.exec(['true'])
})

test('a full disk says so, and can still be the upper layer of an overlay', async () => {
  await using server = await bootServer({ diskBytes: 64 * 2 ** 20 })
  const fill = ['dd', 'if=/dev/zero', 'of=/var/lib/hearth/big', 'bs=1M', 'count=200']
  expect((await server.exec(fill, { allowFailure: true })).stderr).toContain('No space left on device')
  await server.exec(['rm', '/var/lib/hearth/big'])
  await server.exec(['mkdir', '/var/lib/hearth/upper', '/var/lib/hearth/work'])
  const layers = 'lowerdir=/usr,upperdir=/var/lib/hearth/upper,workdir=/var/lib/hearth/work'
  await server.exec(['mount', '-t', 'overlay', 'overlay', '-o', layers, '/mnt'])
  await server.exec(['touch', '/mnt/written'])
})

test('memory limits bind, of a unit and of the machine', async () => {
  await using server = await bootServer({ memoryBytes: 400 * 2 ** 20 })
  const hog = (megabytes: number) => ['sh', '-c', `head -c ${megabytes}M /dev/zero | tail -c ${megabytes}M | wc -c`]
  const unit = ['systemd-run', '--wait', '--pipe', '--quiet', '--property=MemoryMax=50M']
  const limited = await server.exec([...unit, ...hog(150)], { allowFailure: true })
  expect(limited.stdout.trim()).not.toBe(String(150 * 2 ** 20))
  expect(await read(server, hog(150))).toBe(String(150 * 2 ** 20))
  expect((await server.exec(hog(600), { allowFailure: true })).stdout.trim()).not.toBe(String(600 * 2 ** 20))
})

test('a server of the next Debian release boots', async () => {
  await using server = await bootServer({ suite: 'trixie' })
  expect(await read(server, ['sh', '-c', '. /etc/os-release; echo $VERSION_ID'])).toBe('13')
})

function opens(server: Server): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host: server.host, port: server.port })
  socket.setTimeout(500, () => socket.destroy())
  socket.once('data', () => {
    socket.destroy()
    resolve(true)
  })
  socket.on('error', () => resolve(false))
  socket.on('close', () => resolve(false))
  return promise
}
