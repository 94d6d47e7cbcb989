import type { AppSetup } from '../../contract/apps/app-setup.ts'
import type { AppRow, AppSetupRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { webUrl } from './app-resource.ts'
import { streamPath } from './build-resource.ts'

export function appSetupResource(context: Context, app: AppRow, row: AppSetupRow): AppSetup {
  const { store } = context
  const build = row.buildId === null ? null : store.builds.byId(row.buildId)
  return {
    id: row.id,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    status: row.status,
    failure_message: row.failureMessage,
    app: { id: app.id, name: app.name },
    build: build && {
      id: build.id,
      status: build.status,
      output_stream_url: streamPath(store.outputs.secret(build.outputId)),
    },
    manifest_errors: [...row.manifestErrors],
    postdeploy: row.postdeploy && { output: row.postdeploy.output, exit_code: row.postdeploy.exitCode },
    resolved_success_url: resolveSuccessUrl(context, app, row),
  }
}

/** `/welcome` is a page of the app, `https://...` any. What is neither leads nowhere. */
function resolveSuccessUrl(context: Context, app: AppRow, { status, successUrl }: AppSetupRow): string | null {
  if (status !== 'succeeded' || successUrl === null) return null
  const base = webUrl(context, app)
  if (/^https?:\/\//.test(successUrl) && URL.canParse(successUrl)) return successUrl
  return base !== null && URL.canParse(successUrl, base) ? new URL(successUrl, base).href : null
}
