import type { Role } from '../../../electron/bridge/contract.ts'
import { bridge } from '../../stores/bridge.ts'
import { doneWords, thingWords } from '../notices/notice-words.ts'
import { expectUnchanged, offerUndo } from '../notices/undo.ts'

interface Holder {
  serverId: string
  /** Null for the server as a whole. */
  app: string | null
  /** As sentences name the app or the server. */
  place: string
  user: { id: string; email: string }
}

/** Gives somebody another role; null takes the one on the whole server away. */
export async function setRole(holder: Holder, from: Role | null, to: Role | null): Promise<void> {
  const { user, place } = holder
  await give(holder, to)
  offerUndo({
    said: doneWords.role(user.email, to, place),
    async undo() {
      expectUnchanged((await roleNow(holder)) === to, thingWords.role(user.email, place))
      await give(holder, from)
    },
  })
}

const give = ({ serverId, app, user }: Holder, role: Role | null) =>
  bridge().call('access.setRole', { serverId, person: user.id, role, ...(app === null ? {} : { app }) })

async function roleNow({ serverId, app, user }: Holder): Promise<Role | null | undefined> {
  if (app === null) return (await bridge().call('access.people', { serverId })).find(({ id }) => id === user.id)?.role
  const { people } = await bridge().call('access.app', { serverId, app })
  return people.find((one) => one.user.id === user.id)?.app_role
}
