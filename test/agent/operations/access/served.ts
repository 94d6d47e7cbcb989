import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addAuthorizedKey, listAuthorizedKeys } from '../../../../agent/access/authorized-keys.ts'
import { openLoginKeys } from '../../../../agent/access/login-keys.ts'
import { parsePublicKey } from '../../../../agent/access/public-key.ts'
import { actorId } from '../../../../agent/access/token.ts'
import type { Caller } from '../../../../agent/core/ports/access/actor.ts'
import type { PublicKey } from '../../../../agent/core/ports/access/login-keys.ts'
import { makePublicKey } from '../../access/public-keys.ts'
import { Bench } from '../workbench.ts'

export const door = { program: ['/usr/lib/hearth/current/node'], sockets: ['/run/hearth/agent.sock'] }

/** A platform of a server whose `authorized_keys` is a real file. */
export class ServedBench extends Bench {
  readonly keyFile = join(this.folder, 'authorized_keys')

  static override async open(): Promise<ServedBench> {
    const bench = new ServedBench()
    writeFileSync(bench.keyFile, '')
    bench.loginKeys = openLoginKeys(bench.keyFile, door)
    await bench.start()
    return bench
  }

  get lines(): string {
    return readFileSync(this.keyFile, 'utf8')
  }

  /** What root does by an editor. */
  write(change: (text: string) => string): void {
    writeFileSync(this.keyFile, change(this.lines))
  }

  /** What root does by `keys add`, now or at that time; without a mark as root does by hand. */
  letIn(
    comment: string,
    { at = null, key = newKey(comment) }: { at?: string | null; key?: PublicKey } = {},
  ): PublicKey {
    this.write((text) => addAuthorizedKey(text, key, door, at))
    return key
  }

  /** Comments of the keys that sshd lets in. */
  get present(): string[] {
    return listAuthorizedKeys(this.lines).map(({ comment }) => comment)
  }

  who({ id }: PublicKey): Caller | null {
    return this.platform.identify(actorId(id))
  }

  known(key: PublicKey): Caller {
    const caller = this.who(key)
    if (!caller) throw new Error(`${key.comment} is not known`)
    return caller
  }

  /** Whom the tokens of that key belong to. */
  ownerOf({ keyId }: Caller): string {
    return actorId(keyId ?? '')
  }

  parse(publicKey: string): PublicKey {
    return parsePublicKey(publicKey)
  }
}

export const newKey = (comment: string): PublicKey => parsePublicKey(makePublicKey(comment))
