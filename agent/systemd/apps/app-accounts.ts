import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../../contract/errors.ts'
import { runCommand } from '../../exec/command.ts'
import type { Slot } from '../network/app-network.ts'

/** Which number each app has on this server. */
type Slots = Record<string, Slot>

/**
 * Above all that distributions, containers and systemd give out:
 * https://systemd.io/UIDS-GIDS/ (unused from 1879048192 up).
 */
const firstUid = 1_900_000_000
const [firstSlot, lastSlot] = [2, 65_000]

export interface AppAccount {
  readonly slot: Slot
  readonly uid: number
  readonly user: string
}

export const accountOf = (slot: Slot): AppAccount => ({ slot, uid: firstUid + slot, user: `hearth-app-${slot}` })

/** Whether a user is, or was, an app's. */
export const isAppUid = (uid: number): boolean => uid >= firstUid + firstSlot && uid <= firstUid + lastSlot

/**
 * One user per app, so that apps can neither see nor signal each other's processes. The user must be in the server's own
 * user list: systemd looks a unit's user up there before it enters the dyno's root.
 */
export class AppAccounts {
  readonly #file: string
  /** One change at a time: the list is one file, and so is the server's. */
  #turn: Promise<unknown> = Promise.resolve()
  #slots: Slots = {}

  constructor(file: string) {
    this.#file = file
  }

  async open(): Promise<void> {
    await mkdir(path.dirname(this.#file), { recursive: true })
    const text = await readFile(this.#file, 'utf8').catch(() => '{}')
    this.#slots = JSON.parse(text) as Slots
  }

  find(appId: string): AppAccount | null {
    const slot = this.#slots[appId]
    return slot === undefined ? null : accountOf(slot)
  }

  /** Makes sure that the app's user is there. */
  async create(appId: string): Promise<AppAccount> {
    return await this.#inTurn(async () => {
      const slot = this.#slots[appId] ?? findFreeSlot(this.#slots)
      const account = accountOf(slot)
      await addUser(account)
      if (this.#slots[appId] === undefined) await this.#save({ ...this.#slots, [appId]: slot })
      return account
    })
  }

  async destroy(appId: string): Promise<void> {
    await this.#inTurn(async () => {
      const { [appId]: slot, ...others } = this.#slots
      if (slot === undefined) return
      // 6: there is no such user (any more).
      const { user } = accountOf(slot)
      await runCommand(['userdel', user], { expectedStatuses: [6] })
      await runCommand(['groupdel', user], { expectedStatuses: [6] })
      await this.#save(others)
    })
  }

  async #save(slots: Slots): Promise<void> {
    const next = `${this.#file}.next`
    await writeFile(next, `${JSON.stringify(slots, null, 2)}\n`, { flush: true })
    await rename(next, this.#file)
    this.#slots = slots
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}

export function findFreeSlot(slots: Slots): Slot {
  const taken = new Set(Object.values(slots))
  for (let slot = firstSlot; slot <= lastSlot; slot++) if (!taken.has(slot)) return slot
  throw new HearthError('unavailable', `This server has no room for more than ${lastSlot - firstSlot + 1} apps.`)
}

async function addUser({ user, uid }: AppAccount): Promise<void> {
  // 9: it is there already. Asked for by number, since useradd alone gives the group a number of its own choice.
  const isThere = { expectedStatuses: [9] }
  await runCommand(['groupadd', '--gid', String(uid), user], isThere)
  const options = ['--system', '--no-create-home', '--home-dir', '/app', '--shell', '/bin/bash', '--no-log-init']
  // Its password is locked, and without a home on the server there is nothing to log in to.
  await runCommand(['useradd', ...options, '--uid', String(uid), '--gid', String(uid), user], isThere)
}
