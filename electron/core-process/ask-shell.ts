import { HearthError } from '../../agent/contract/errors.ts'
import type { ShellEvent } from '../bridge/contract-shell.ts'
import type { ShellDoor } from '../bridge/topics/desktop.ts'
import type { VaultFinding } from '../core/ledger/ledger-keys.ts'
import { WaitingLine } from '../core/waiting-line.ts'
import {
  type ShellCallName,
  type ShellParameters,
  type ShellResult,
  shellCalls,
  type ToCore,
  type ToShell,
} from './messages.ts'

/** The core's end of what it asks the shell for. */
export class ShellCaller {
  readonly #send: (message: ToShell) => void
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  /** What happened in the shell and is for the window. */
  readonly events = new WaitingLine<ShellEvent>()
  #nextId = 1

  constructor(send: (message: ToShell) => void) {
    this.#send = send
  }

  /** Throws HearthError `internal` with the shell's own words when it could not do it. */
  async ask<N extends ShellCallName>(name: N, parameters: ShellParameters<N>): Promise<ShellResult<N>> {
    const id = this.#nextId++
    const answer = Promise.withResolvers<unknown>()
    this.#waiting.set(id, answer)
    this.#send({ kind: 'ask', id, name, parameters })
    return shellCalls[name].result.parse(await answer.promise) as ShellResult<N>
  }

  /** An answer that nobody waits for is dropped. */
  take(message: Extract<ToCore, { kind: 'answer' | 'refusal' }>): void {
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.kind === 'answer') waiting?.resolve(message.result)
    else waiting?.reject(new HearthError('internal', message.message))
  }
}

export function shellDoor(shell: ShellCaller): ShellDoor {
  return {
    kind: 'electron',
    chooseFolder: () => shell.ask('dialogs.chooseFolder', {}),
    openLink: async (url) => void (await shell.ask('links.open', { url })),
    present: async (presentation) => void (await shell.ask('shell.present', presentation)),
    onEvent: (listener) => shell.events.listen(listener),
  }
}

/** The operating system's key store, which only the shell's process reaches. */
export async function findVault(shell: ShellCaller): Promise<VaultFinding> {
  const { isThere, obstacle } = await shell.ask('vault.find', {})
  if (!isThere) return { vault: null, obstacle }
  return {
    obstacle: null,
    vault: {
      seal: (text) => shell.ask('vault.seal', { text }),
      unseal: (sealed) => shell.ask('vault.unseal', { sealed }),
    },
  }
}
