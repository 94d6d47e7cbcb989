import type { Repository } from '../../contract/sources/repository.ts'
import type { AppRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp } from '../find.ts'
import { deployBranchesOf } from '../git/receive-push.ts'

/** An app's git repository; what is pushed and fetched goes another way. */
export function openRepositoryCalls(context: Context) {
  const { store, events } = context
  const resource = (app: AppRow): Repository => {
    const row = store.repositories.get(app.id)
    return {
      deploy_branches: [...deployBranchesOf(store, app.id)],
      deploy_branch: row?.deployBranch ?? null,
      size: row?.sizeBytes ?? 0,
      pushed_at: row?.pushedAt ?? null,
    }
  }
  return {
    getRepository: async ({ parameters }) => resource(findApp(store, parameters.app)),
    async updateRepository({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      store.repositories.put(app.id, { deployBranch: body.deploy_branch })
      const named = body.deploy_branch ?? 'main or master'
      act(context, { app, actor }, `Deploy branch set to ${named}`)
      events.changed('apps', app)
      return resource(app)
    },
  } satisfies Partial<Calls>
}
