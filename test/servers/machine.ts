import { randomUUID } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createCgroups, processesOf, removeCgroups } from './cgroup.ts'
import { eventually } from './eventually.ts'
import { copyImageStorage, imageLayers } from './image.ts'
import { closeNetwork, netnsOf, openNetwork, plugIn, resolvConf, unplug } from './network.ts'
import { launch, run } from './run.ts'
import {
  basesDir,
  fingerprint,
  generateKey,
  isAlive,
  keyFile,
  listMachines,
  locked,
  type Machine,
  machineDir,
  readMachine,
  stateDir,
  thisProcess,
  writeMachine,
} from './state.ts'

const trashDir = join(stateDir, 'trash')

export type Wish = Pick<Machine, 'suite' | 'base' | 'images' | 'memoryBytes' | 'diskBytes'>

/** Gives a machine its name, address, cgroups and files. It belongs to this process until someone else is named. */
export async function createMachine(wish: Wish): Promise<Machine> {
  await destroyStale()
  const machine = await locked('machines', () => allocate(wish))
  try {
    await fillStorage(machine)
    await fillIdentity(machine)
    return machine
  } catch (error) {
    await destroyMachine(machine)
    throw error
  }
}

async function allocate(wish: Wish): Promise<Machine> {
  const network = await openNetwork()
  const taken = new Set(listMachines().map(({ slot }) => slot))
  const slot = Array.from({ length: 250 }, (_, index) => index + 1).find((candidate) => !taken.has(candidate))
  if (!slot) throw new Error('250 test servers exist; take some down first')
  const name = `server-${slot}`
  const host = `${network.prefix}.${slot + 1}`
  const machine: Machine = { ...wish, id: randomUUID(), name, slot, host, owner: thisProcess() }
  // What a maker left that died before it wrote the record.
  await rm(machineDir(name), { recursive: true, force: true })
  await unplug(name, slot)
  mkdirSync(machineDir(name), { recursive: true, mode: 0o700 })
  writeMachine(machine)
  await plugIn(machine, network)
  createCgroups(name, machine.memoryBytes)
  return machine
}

/** /var/lib/hearth is a real disk of the machine, since an overlay can't be the upper layer of another overlay. */
async function fillStorage(machine: Machine): Promise<void> {
  const dir = machineDir(machine.name)
  for (const part of ['upper', 'work', 'root', 'hearth']) mkdirSync(join(dir, part), { mode: 0o755 })
  await copyImageStorage(machine, join(dir, 'hearth'))
  if (!machine.diskBytes) return
  const disk = join(dir, 'disk.ext4')
  await run(['truncate', `--size=${machine.diskBytes}`, disk])
  await run(['mkfs.ext4', '-q', '-F', '-m', '0', '-d', join(dir, 'hearth'), disk])
}

async function fillIdentity(machine: Machine): Promise<void> {
  const upper = join(machineDir(machine.name), 'upper')
  for (const dir of ['etc', 'etc/ssh', 'home']) mkdirSync(join(upper, dir), { mode: 0o755 })
  const write = (file: string, text: string) => writeFileSync(join(upper, file), text)
  write('etc/hostname', `${machine.name}\n`)
  write('etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${machine.name}\n`)
  write('etc/machine-id', `${machine.id.replaceAll('-', '')}\n`)
  write('etc/resolv.conf', resolvConf())
  const hostKey = join(upper, 'etc/ssh/ssh_host_ed25519_key')
  await generateKey(hostKey, `root@${machine.name}`)
  for (const [home, uid] of [['root', 0] as const, ['home/debian', 1000] as const]) authorize(join(upper, home), uid)
  machine.hostKeyFingerprint = fingerprint(readFileSync(`${hostKey}.pub`, 'utf8'))
  writeMachine(machine)
}

function authorize(home: string, uid: number): void {
  const keys = join(home, '.ssh/authorized_keys')
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 })
  writeFileSync(keys, readFileSync(`${keyFile}.pub`), { mode: 0o600 })
  for (const path of [home, join(home, '.ssh'), keys]) chownSync(path, uid, uid)
}

export function powerOn(machine: Machine): void {
  const dir = machineDir(machine.name)
  const lower = [...imageLayers(machine.images), join(basesDir, machine.base)].join(':')
  const cgroups = createCgroups(machine.name, machine.memoryBytes)
  const script = join(import.meta.dirname, 'launch.sh')
  const namespace = ['unshare', '--mount', '--propagation', 'slave']
  const command = [...namespace, 'sh', script, dir, machine.name, netnsOf(machine.name), lower, ...cgroups]
  launch(command, join(dir, 'console.log'))
}

/** The machine's process 1 as the host sees it. */
export function initOf(name: string): number | undefined {
  const depth = namespacePids('self').length
  return processesOf(name).find((pid) => {
    const pids = namespacePids(pid)
    return pids.length === depth + 1 && pids.at(-1) === '1'
  })
}

/** `NSpid: 4711 1`: a process's id in each namespace that it lives in, ours first. */
function namespacePids(pid: number | 'self'): string[] {
  try {
    const line = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return line?.[1]?.split(/\s+/) ?? []
  } catch {
    return []
  }
}

/** Systemd's own signals are real-time signals, which have numbers only in Node. */
export async function powerOff(name: string, signal: number | 'SIGKILL'): Promise<void> {
  const init = initOf(name)
  if (init) process.kill(init, signal)
  // The launcher holds the machine's directory until the very end; powering on earlier would fail on its lock.
  await eventually(() => processesOf(name).length === 0, 100_000, `${name} doesn't power off`)
}

/** Destroys machines whose maker died before it could. Others' living machines are not touched. */
export async function destroyStale(): Promise<Machine[]> {
  const stale = listMachines().filter(({ owner }) => owner && !isAlive(owner))
  await Promise.all(stale.map(destroyMachine))
  await emptyTrash()
  return stale
}

/** What a process left that was killed while it removed a machine's files. Those who are at it get ten minutes. */
async function emptyTrash(): Promise<void> {
  for (const entry of existsSync(trashDir) ? readdirSync(trashDir) : []) {
    const path = join(trashDir, entry)
    const movedAt = statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? Date.now()
    if (Date.now() - movedAt > 600_000) await rm(path, { recursive: true, force: true })
  }
}

export async function destroyMachine(machine: Machine): Promise<void> {
  const trash = join(trashDir, machine.id)
  await locked('machines', async () => {
    // Names are given again; another process may have destroyed this one and made a new one since.
    if (readMachine(machine.name)?.id !== machine.id) return
    await killAll(machine.name)
    await unplug(machine.name, machine.slot)
    await removeCgroups(machine.name)
    mkdirSync(trashDir, { recursive: true, mode: 0o700 })
    renameSync(machineDir(machine.name), trash)
    if (listMachines().length === 0) await closeNetwork()
  })
  await rm(trash, { recursive: true, force: true })
}

async function killAll(name: string): Promise<void> {
  const allGone = () => {
    const pids = processesOf(name)
    for (const pid of pids) killQuietly(pid)
    return pids.length === 0
  }
  await eventually(allGone, 20_000, `processes of ${name} don't end`)
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself since it was listed.
  }
}
