import type { Feature } from '../../contract/apps/feature.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

const article = 'https://devcenter.heroku.com/articles'

/** What can be turned on at Heroku and is how Hearth works; only the first can be turned off. */
const features = [
  {
    id: '3aa1ecf0-93a6-4c1c-8f3d-0c5ee0b1c001',
    name: 'preboot',
    display_name: 'Preboot',
    description: 'New web dynos must listen before the old ones stop getting requests',
    doc_url: `${article}/preboot`,
  },
  {
    id: '3aa1ecf0-93a6-4c1c-8f3d-0c5ee0b1c002',
    name: 'runtime-dyno-metadata',
    display_name: 'Dyno metadata',
    description:
      'Dynos find app, release and commit in HEROKU_APP_NAME, HEROKU_RELEASE_VERSION, HEROKU_SLUG_COMMIT, ...',
    doc_url: `${article}/dyno-metadata`,
  },
] as const

export function featureResources({ machine }: Pick<Context, 'machine'>, app: AppRow): Feature[] {
  const { startedAt } = machine.facts
  return features.map((feature) => ({
    created_at: startedAt,
    ...feature,
    enabled: feature.name !== 'preboot' || app.preboot,
    state: 'general',
    updated_at: startedAt,
    feedback_email: '',
  }))
}
