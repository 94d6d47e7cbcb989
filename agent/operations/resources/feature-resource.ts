import type { Feature } from '../../contract/apps/feature.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

const article = 'https://devcenter.heroku.com/articles'

/** By Heroku's names. */
const features = [
  {
    id: '3aa1ecf0-93a6-4c1c-8f3d-0c5ee0b1c001',
    name: 'preboot',
    display_name: 'Preboot',
    description: 'New web dynos must listen before the old ones stop getting requests',
    doc_url: `${article}/preboot`,
    state: 'general',
    isEnabled: ({ preboot }: AppRow) => preboot,
  },
  {
    id: '3aa1ecf0-93a6-4c1c-8f3d-0c5ee0b1c002',
    name: 'runtime-dyno-metadata',
    display_name: 'Dyno metadata',
    description:
      'Dynos find app, release and commit in HEROKU_APP_NAME, HEROKU_RELEASE_VERSION, HEROKU_SLUG_COMMIT, ...',
    doc_url: `${article}/dyno-metadata`,
    state: 'general',
    isEnabled: () => true,
  },
  {
    id: '3aa1ecf0-93a6-4c1c-8f3d-0c5ee0b1c007',
    name: 'runtime-dyno-build-metadata',
    display_name: 'Build metadata',
    description: 'Dynos find commit and description of their build in HEROKU_BUILD_COMMIT and HEROKU_BUILD_DESCRIPTION',
    doc_url: `${article}/dyno-metadata`,
    state: 'beta',
    isEnabled: () => true,
  },
  {
    id: '3aa1ecf0-93a6-4c1c-8f3d-0c5ee0b1c005',
    name: 'http-session-affinity',
    display_name: 'Session affinity',
    description: 'By a cookie, visitors come back to the dyno that they had',
    doc_url: `${article}/session-affinity`,
    state: 'general',
    isEnabled: ({ sessionAffinity }: AppRow) => sessionAffinity,
  },
  {
    id: '3aa1ecf0-93a6-4c1c-8f3d-0c5ee0b1c003',
    name: 'http-disable-keepalive-to-dyno',
    display_name: 'No keep-alive to dynos',
    description:
      'Each request gets a connection of its own to its dyno, for servers that close kept ones at bad moments',
    doc_url: `${article}/heroku-labs-disabling-keepalives-to-dyno-for-router-2-0`,
    state: 'beta',
    isEnabled: ({ keepAliveToDynos }: AppRow) => !keepAliveToDynos,
  },
  {
    id: '3aa1ecf0-93a6-4c1c-8f3d-0c5ee0b1c004',
    name: 'http-end-to-end-continue',
    display_name: 'End-to-end 100-continue',
    description: 'The dyno, not the router, answers who asks whether to send its body (Expect: 100-continue)',
    doc_url: `${article}/http-routing`,
    state: 'beta',
    isEnabled: ({ endToEndContinue }: AppRow) => endToEndContinue,
  },
  {
    id: '3aa1ecf0-93a6-4c1c-8f3d-0c5ee0b1c006',
    name: 'log-runtime-metrics',
    display_name: 'Runtime metrics in the log',
    description:
      'Every 20 seconds each dyno’s load and memory are in the log: sample#load_avg_1m, sample#memory_total, ...',
    doc_url: `${article}/log-runtime-metrics`,
    state: 'beta',
    isEnabled: ({ logRuntimeMetrics }: AppRow) => logRuntimeMetrics,
  },
] as const

export function featureResources({ machine }: Pick<Context, 'machine'>, app: AppRow): Feature[] {
  const { startedAt } = machine.facts
  return features.map(({ isEnabled, ...feature }) => ({
    created_at: startedAt,
    ...feature,
    enabled: isEnabled(app),
    updated_at: startedAt,
    feedback_email: '',
  }))
}
