import { chmod, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HearthError } from '../../agent/contract/errors.ts'
import { runChild } from '../exec/spawn.ts'

/** Answers ssh when it asks for a password or passphrase, since it has no terminal. */
export interface Askpass {
  readonly environment: Readonly<Record<string, string>>
  /** From now on this process is answered, and no other: ssh hands its environment to the ssh of a jump host. */
  answer(pid: number): Promise<void>
  close(): Promise<void>
}

/** ssh runs it as its own child, perhaps before we know which process that is. */
const script = `#!/bin/sh
for attempt in 1 2 3 4 5 6 7 8 9; do [ -e "$HEARTH_ASKPASS/asks" ] || sleep 0.2; done
[ "$PPID" = "$(cat "$HEARTH_ASKPASS/asks")" ] || exit 1
IFS= read -r secret < "$HEARTH_ASKPASS/answer" || exit 1
printf '%s\\n' "$secret"
`
/** A password may be asked for by one method after the other. */
const answers = 4

/** The secret goes through a pipe with a name: it lies in memory until it is read, and never on a disk. */
export async function openAskpass(folder: string, secret: string): Promise<Askpass> {
  const at = (name: string) => join(folder, name)
  await writeFile(at('ask'), script)
  await chmod(at('ask'), 0o700)
  const { status } = await runChild(['mkfifo', '-m', '600', at('answer')])
  if (status !== 0) throw new HearthError('internal', 'This computer can not hand a password to ssh: mkfifo failed.')
  // Opened for both ways, so that opening waits for nobody.
  const pipe = await open(at('answer'), 'r+')
  return {
    environment: { SSH_ASKPASS: at('ask'), SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0', HEARTH_ASKPASS: folder },
    async answer(pid) {
      await pipe.write(`${secret}\n`.repeat(answers))
      await writeFile(at('asks.next'), String(pid))
      await rename(at('asks.next'), at('asks'))
    },
    close: () => pipe.close(),
  }
}
