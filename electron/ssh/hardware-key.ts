import { access, readFile } from 'node:fs/promises'
import { runChild } from '../exec/spawn.ts'

/** Public keys that live in a FIDO device have types of their own: `sk-ssh-ed25519@openssh.com AAAA... comment`. */
const hardwareType = /^sk-/

/** The running ssh-agent has a key of a FIDO device, which only the system's ssh can use. */
export async function agentHoldsHardwareKey(agentSocket: string): Promise<boolean> {
  const listed = await runChild(['ssh-add', '-L'], { environment: { SSH_AUTH_SOCK: agentSocket } }).catch(() => null)
  return listed?.stdout.split('\n').some((line) => hardwareType.test(line)) ?? false
}

/** Of the identity files that ssh would try, those that are there are all of FIDO devices. */
export async function areAllHardwareKeys(identityFiles: readonly string[]): Promise<boolean> {
  const kinds = await Promise.all(identityFiles.map(readKind))
  const present = kinds.filter((kind) => kind !== 'absent')
  return present.length > 0 && present.every((kind) => kind === 'hardware')
}

async function readKind(path: string): Promise<'absent' | 'hardware' | 'other'> {
  const publicKey = await readFile(`${path}.pub`, 'utf8').catch(() => null)
  if (publicKey !== null) return hardwareType.test(publicKey) ? 'hardware' : 'other'
  return access(path).then(
    () => 'other',
    () => 'absent',
  )
}
