import type { Topic } from './elsewhere.ts'

const addonsLater = 'This server has no add-ons yet.'
const ownDatabase =
  'Run the database where you like and give the app its address: heroku config:set DATABASE_URL=postgres://...'

/** About add-ons and the data services among them. Their own API lies under these paths, for when there are some. */
export const dataTopics: readonly Topic[] = [
  {
    title: 'Postgres',
    commands: ['pg:*', 'data:pg:*', 'data:maintenances:*'],
    requests: ['/client/v11/*', '/postgres/v0/*', '/data/*'],
    resource: 'add_on',
    instead: `${addonsLater} So there is no Postgres of Hearth's to work on. ${ownDatabase}`,
  },
  {
    title: 'Redis',
    commands: ['redis:*'],
    requests: ['/redis/v0/*'],
    resource: 'add_on',
    instead: `${addonsLater} So there is no Redis of Hearth's to work on. Run it where you like and set REDIS_URL.`,
  },
  {
    title: 'Attachments of add-ons',
    commands: ['addons:attach', 'addons:detach', 'addons:open'],
    requests: [
      '/addon-attachments*',
      '/apps/{app}/addon-attachments*',
      '/addons/{addon}/addon-attachments',
      '/actions/addon-attachments/resolve',
    ],
    resource: 'add_on attachment',
    instead: `${addonsLater} ${ownDatabase}`,
  },
  {
    title: 'Add-ons',
    commands: ['addons:create', 'addons:destroy', 'addons:info', 'addons:upgrade', 'addons:plans', 'usage:addons'],
    requests: [
      '/addons*',
      '/apps/{app}/addons*',
      '/actions/addons/resolve',
      '/addon-services*',
      '/plans/{plan}',
      '/regions/{region}/addon-region-capabilities',
      '/apps/{app}/usage',
      '/teams/{team}/addons',
    ],
    resource: 'add_on',
    instead: `${addonsLater} ${ownDatabase}`,
  },
]
