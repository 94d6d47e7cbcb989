import { HearthError } from '../../contract/errors.ts'
import type { GitMode, GitService } from '../../contract/sources/git.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { GitSession } from '../../core/ports/git-repositories.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { findApp } from '../find.ts'
import { servingRelease } from '../runtime/routing/routes.ts'
import { keepRepository } from './keep-repository.ts'
import { receivePush } from './receive-push.ts'

export interface GitRequest {
  readonly actor: Caller
  /** Name or id. */
  readonly app: string
  readonly service: GitService
  readonly mode: GitMode
  /** `version=2`, or null. */
  readonly protocol: string | null
  /** Aborts when the client goes. */
  readonly signal: AbortSignal
  /** Tells the user, before git says anything. */
  readonly notify: (text: string) => void
}

/** Opens a conversation between a client's git and the app's repository. */
export async function serveGit(context: Context, request: GitRequest): Promise<GitSession> {
  const { store, git, background } = context
  const { actor, service, mode, protocol } = request
  const app = findApp(store, request.app)
  const isPush = service === 'git-receive-pack'
  // Before git says which commits it has: what is pushed now shall be told from what the push before it leaves.
  if (isPush && mode !== 'rpc') await waitForPushes(context, app, request)
  if (!isPush) tellMissingHistory(context, app, request)
  const session = await git.openSession({
    appId: app.id,
    service,
    mode,
    protocol,
    onPush: (push) => receivePush(context, { appId: app.id, actor, push }),
  })
  if (isPush && mode !== 'advertise')
    background.run(`keeping the repository of ${app.name}`, async () => {
      await session.end
      await keepRepository(context, app.id)
    })
  return session
}

/** Whoever comes while a push is built waits for it, and then sees the branch as it is by then. */
async function waitForPushes({ pushes, background }: Context, app: AppRow, { signal, notify }: GitRequest) {
  const stop = AbortSignal.any([signal, background.signal])
  const stopped = new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }))
  for (let other = pushes.running(app.id); other; other = pushes.running(app.id)) {
    notify(`Waiting: a push of ${other.actor.email} to ${app.name} is being built.`)
    await Promise.race([other.done, stopped])
    if (stop.aborted) throw new HearthError('gone', 'The push was not begun: its client is gone, or the agent stops.')
  }
}

function tellMissingHistory({ store }: Context, app: AppRow, { mode, notify }: GitRequest): void {
  const isDeployed = servingRelease(store, app.id)?.slugId != null
  if (mode !== 'session' || !isDeployed || store.repositories.get(app.id)?.pushedAt != null) return
  notify(`${app.name} has no git history here: it was deployed without git. Its first push begins one.`)
}
