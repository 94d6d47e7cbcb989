import dbus, { type Message as DbusMessage, type MessageBus } from '@particle/dbus-next'
import { HearthError } from '../contract/errors.ts'
import type { UnitProperty } from './dynos/unit-properties.ts'

const { Message, MessageType, Variant } = dbus

const manager = {
  destination: 'org.freedesktop.systemd1',
  path: '/org/freedesktop/systemd1',
  interface: 'org.freedesktop.systemd1.Manager',
}
const fromManager = `type='signal',sender='${manager.destination}'`
const changes = `${fromManager},interface='org.freedesktop.DBus.Properties'`
const changesOf = (unit: string) => `${changes},path='${manager.path}/unit/${escapePath(unit)}'`
const changesOfAll = `${changes},path_namespace='${manager.path}/unit'`
const busAddress = 'unix:path=/run/dbus/system_bus_socket'
const jobTimeoutMs = 90_000

/** What systemd told about a unit, as it comes: only the properties that changed. */
export type UnitChange = Readonly<Record<string, unknown>>

export interface UnitListener {
  onChange(unit: string, change: UnitChange): void
  /** systemd forgot the unit: it ended well, or somebody reset its failure. */
  onRemoved(unit: string): void
}

/** One connection to systemd, kept open: opening one costs more than starting a dyno's unit. */
export class SystemBus {
  readonly #listener: UnitListener
  readonly #onLost: (error: Error) => void
  readonly #jobs = new Map<string, (result: string) => void>()
  /** Jobs that ended before their number was known. */
  readonly #endedJobs = new Map<string, string>()
  readonly #watched = new Set<string>()
  #hearingAll: Promise<void> | null = null
  #bus: MessageBus | null = null

  constructor(listener: UnitListener, onLost: (error: Error) => void) {
    this.#listener = listener
    this.#onLost = onLost
  }

  async open(): Promise<void> {
    const bus = dbus.sessionBus({ busAddress })
    await new Promise<void>((resolve, reject) => {
      bus.once('connect', resolve)
      bus.once('error', (cause) => {
        reject(new HearthError('unavailable', 'systemd can not be reached over D-Bus on this server.', { cause }))
      })
    })
    this.#bus = bus
    bus.on('error', (error: Error) => this.#lose(error))
    // The package tells the end of its stream to itself only.
    const { _connection: connection } = bus as unknown as { _connection: NodeJS.EventEmitter }
    connection.on('end', () => this.#lose(new Error('The system bus closed the connection.')))
    bus.on('message', (message) => this.#receive(message))
    for (const member of ['UnitRemoved', 'JobRemoved'])
      await this.#ask('AddMatch', `${fromManager},interface='${manager.interface}',member='${member}'`)
    await this.#call('Subscribe')
  }

  /**
   * Hears of the unit's changes from now on. Unit by unit: systemd tells of each one on the server, every login among them,
   * in messages of a hundred properties. Where the bus allows no more rules all are heard.
   */
  async watch(unit: string): Promise<void> {
    if (this.#hearingAll) return this.#hearingAll
    try {
      await this.#ask('AddMatch', changesOf(unit))
      this.#watched.add(unit)
    } catch (error) {
      if ((error as { type?: string }).type !== 'org.freedesktop.DBus.Error.LimitsExceeded') throw error
      this.#hearingAll ??= this.#hearAll()
      await this.#hearingAll
    }
  }

  async unwatch(unit: string): Promise<void> {
    if (this.#watched.delete(unit)) await this.#ask('RemoveMatch', changesOf(unit))
  }

  close(): void {
    const bus = this.#bus
    this.#bus = null
    bus?.disconnect()
  }

  /**
   * Resolves when the unit's first process runs (its `execve` succeeded). With `ignore-dependencies` it starts no other unit,
   * also not one that it is bound to and that has ended.
   */
  async startTransientUnit(
    unit: string,
    properties: readonly UnitProperty[],
    mode: 'fail' | 'ignore-dependencies' = 'fail',
  ): Promise<void> {
    const body = properties.map(({ name, signature, value }) => [name, new Variant(signature, value)])
    const [job] = await this.#call('StartTransientUnit', 'ssa(sv)a(sa(sv))', [unit, mode, body, []])
    const result = await this.#waitForJob(String(job))
    if (result !== 'done') throw new HearthError('internal', `systemd could not start ${unit}: ${result}.`)
  }

  /** Resolves with the job's result, `done` when the unit runs again. */
  async restartUnit(unit: string): Promise<string> {
    const [job] = await this.#call('RestartUnit', 'ss', [unit, 'replace'])
    return this.#waitForJob(String(job))
  }

  /** Asks to stop; what happens then is told by the unit's changes. */
  async stopUnit(unit: string): Promise<void> {
    await this.#ignoreMissing(this.#call('StopUnit', 'ss', [unit, 'replace']))
  }

  async killUnit(unit: string, signal: number): Promise<void> {
    await this.#ignoreMissing(this.#call('KillUnit', 'ssi', [unit, 'all', signal]))
  }

  async resetFailed(unit: string): Promise<void> {
    await this.#ignoreMissing(this.#call('ResetFailedUnit', 's', [unit]))
  }

  /** All properties of a service, or null when systemd does not have it (any more). */
  async readService(unit: string): Promise<UnitChange | null> {
    const [path] = (await this.#ignoreMissing(this.#call('GetUnit', 's', [unit]))) ?? []
    if (!path) return null
    const read = async (kind: string) => {
      const message = { ...manager, path: String(path), interface: 'org.freedesktop.DBus.Properties' }
      const name = `${manager.destination}.${kind}`
      const reply = await this.#ignoreMissing(
        this.#send({ ...message, member: 'GetAll', signature: 's', body: [name] }),
      )
      return unwrap((reply?.[0] ?? {}) as Record<string, { value: unknown }>)
    }
    return { ...(await read('Unit')), ...(await read('Service')) }
  }

  /** In the place of one rule. The bus sends a message once, whatever rules it fits. */
  async #hearAll(): Promise<void> {
    const [one] = this.#watched
    if (one) await this.unwatch(one)
    await this.#ask('AddMatch', changesOfAll)
  }

  #waitForJob(job: string): Promise<string> {
    const ended = this.#endedJobs.get(job)
    this.#endedJobs.delete(job)
    if (ended) return Promise.resolve(ended)
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish('timeout'), jobTimeoutMs)
      const finish = (result: string) => {
        clearTimeout(timer)
        this.#jobs.delete(job)
        resolve(result)
      }
      this.#jobs.set(job, finish)
    })
  }

  #receive(message: DbusMessage): void {
    if (message.type !== MessageType.SIGNAL) return
    if (message.member === 'PropertiesChanged') {
      const unit = unescapePath(message.path.slice(`${manager.path}/unit/`.length))
      this.#listener.onChange(unit, unwrap(message.body[1] as Record<string, { value: unknown }>))
    } else if (message.member === 'UnitRemoved') this.#listener.onRemoved(String(message.body[0]))
    else if (message.member === 'JobRemoved') this.#endJob(String(message.body[1]), String(message.body[3]))
  }

  #endJob(job: string, result: string): void {
    const finish = this.#jobs.get(job)
    if (finish) finish(result)
    else this.#rememberEnded(job, result)
  }

  /** Most are other programs' jobs: only the last few can be ones whose answer is on its way. */
  #rememberEnded(job: string, result: string): void {
    this.#endedJobs.set(job, result)
    const [oldest] = this.#endedJobs.keys()
    if (this.#endedJobs.size > 64 && oldest !== undefined) this.#endedJobs.delete(oldest)
  }

  #lose(error: Error): void {
    if (!this.#bus) return
    this.#bus = null
    for (const finish of [...this.#jobs.values()]) finish('connection lost')
    this.#onLost(error)
  }

  async #ask(member: 'AddMatch' | 'RemoveMatch', rule: string): Promise<void> {
    await this.#send({
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member,
      signature: 's',
      body: [rule],
    })
  }

  #call(member: string, signature = '', body: unknown[] = []): Promise<unknown[]> {
    return this.#send({ ...manager, member, signature, body })
  }

  async #send(message: ConstructorParameters<typeof Message>[0]): Promise<unknown[]> {
    if (!this.#bus) throw new HearthError('unavailable', 'The connection to systemd is lost; it is being opened again.')
    const reply = await this.#bus.call(new Message(message))
    return reply?.body ?? []
  }

  async #ignoreMissing(call: Promise<unknown[]>): Promise<unknown[] | null> {
    try {
      return await call
    } catch (error) {
      const { type } = error as { type?: string }
      const gone = ['org.freedesktop.systemd1.NoSuchUnit', 'org.freedesktop.DBus.Error.UnknownObject']
      if (type && gone.includes(type)) return null
      throw error
    }
  }
}

function unwrap(properties: Record<string, { value: unknown }>): UnitChange {
  return Object.fromEntries(Object.entries(properties).map(([name, variant]) => [name, variant.value]))
}

/** As systemd does it: sd_bus_path_encode(3). */
export function escapePath(unit: string): string {
  const encode = (sign: string) => `_${sign.charCodeAt(0).toString(16).padStart(2, '0')}`
  return unit.replace(/^[0-9]|[^A-Za-z0-9]/g, encode)
}

/** `hearth_2ddyno_2d1_2eservice` is how a unit's name stands in an object path. */
export function unescapePath(text: string): string {
  return text.replace(/_([0-9a-f]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
