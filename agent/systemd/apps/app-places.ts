import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../../contract/errors.ts'
import type { SlugTree } from '../../core/ports/builds/slug-store.ts'
import { renderIdentity, renderResolvConf, writeIdentity } from '../dynos/identity.ts'
import { addressOf, destroyAppNetwork } from '../network/app-network.ts'
import type { ServerNetwork } from '../network/server-network.ts'
import { type AppAccount, type AppAccounts, accountOf } from './app-accounts.ts'
import { AppSlugs } from './app-slugs.ts'

/** Below what Linux takes for outgoing connections. All dynos of an app share its address, so each has its own port. */
const [firstPort, lastPort] = [5_000, 29_999]

/** What all dynos of one app share on this server. */
export interface AppPlace {
  readonly account: AppAccount
  readonly host: string
  readonly identityDirectory: string
}

/** Makes it when an app's first dyno starts; after a reboot, again. */
export class AppPlaces {
  readonly #accounts: AppAccounts
  readonly #network: ServerNetwork
  readonly #folder: string
  readonly #places = new Map<string, Promise<AppPlace>>()
  readonly #ports = new Map<string, Set<number>>()
  readonly #slugs = new AppSlugs()

  constructor(accounts: AppAccounts, network: ServerNetwork, folder: string) {
    this.#accounts = accounts
    this.#network = network
    this.#folder = folder
  }

  async open(): Promise<void> {
    const folder = mkdir(this.#folder, { recursive: true, mode: 0o755 })
    await Promise.all([this.#accounts.open(), folder, this.#network.open()])
  }

  async prepare(app: { id: string; name: string }, tree: SlugTree): Promise<AppPlace & { readonly tree: SlugTree }> {
    const place = await once(this.#places, app.id, () => this.#create(app))
    const [given] = await Promise.all([this.#slugs.give(place.account.uid, tree), this.#network.ensure()])
    await this.#writeResolvers(place)
    return { ...place, tree: given }
  }

  /** They change with the server's network, and there may have been none yet when an app's place was made at boot. */
  async #writeResolvers({ identityDirectory }: AppPlace): Promise<void> {
    const [file, text] = [path.join(identityDirectory, 'etc/resolv.conf'), renderResolvConf(this.#network.resolvers)]
    if ((await readFile(file, 'utf8')) !== text) await writeFile(file, text)
  }

  /** The user of an app that has dynos. */
  accountOf(appId: string): AppAccount {
    const account = this.#accounts.find(appId)
    if (!account) throw new HearthError('internal', "The app's user is missing on this server.")
    return account
  }

  async destroy(appId: string): Promise<void> {
    this.#places.delete(appId)
    this.#ports.delete(appId)
    const account = this.#accounts.find(appId)
    if (!account) return
    await destroyAppNetwork(account.slot)
    await rm(this.#identityOf(account), { recursive: true, force: true })
    await this.#accounts.destroy(appId)
  }

  takePort(appId: string): number {
    const taken = this.#takenPorts(appId)
    for (let port = firstPort; port <= lastPort; port++) {
      if (taken.has(port)) continue
      taken.add(port)
      return port
    }
    throw new HearthError('unavailable', 'The app has no port left for another dyno.')
  }

  /** A dyno that was found running has this port. */
  keepPort(appId: string, port: number): void {
    this.#takenPorts(appId).add(port)
  }

  releasePort(appId: string, port: number): void {
    this.#takenPorts(appId).delete(port)
  }

  async #create(app: { id: string; name: string }): Promise<AppPlace> {
    const account = await this.#accounts.create(app.id)
    const host = addressOf(this.#network.prefix, account.slot)
    const identityDirectory = this.#identityOf(account)
    const files = renderIdentity(account, { name: app.name, address: host, resolvers: this.#network.resolvers })
    await Promise.all([this.#network.join(account.slot), writeIdentity(identityDirectory, files)])
    return { account, host, identityDirectory }
  }

  #identityOf({ slot }: Pick<AppAccount, 'slot'>): string {
    return path.join(this.#folder, accountOf(slot).user)
  }

  #takenPorts(appId: string): Set<number> {
    const taken = this.#ports.get(appId) ?? new Set()
    this.#ports.set(appId, taken)
    return taken
  }
}

/** Does the work once for a key; a failure is not remembered. */
function once<T>(results: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  let result = results.get(key)
  if (!result) {
    result = work()
    results.set(key, result)
    result.catch(() => results.delete(key))
  }
  return result
}
