import type { Topic } from './elsewhere.ts'

/** About people and what they share. */
export const accountTopics: readonly Topic[] = [
  {
    title: 'Logging in and out',
    commands: ['auth:login', 'auth:2fa', 'auth:2fa:disable'],
    requests: [
      '/auth*',
      'POST /oauth/authorizations',
      'PATCH /oauth/authorizations/{authorization}',
      '/oauth/authorizations/{authorization}/actions/*',
      '/oauth/tokens*',
      '/oauth/clients*',
      '/account/password',
      '/account/two-factor*',
      '/account/recovery-codes',
      '/password-resets*',
      '/apps/{app}/pre-authorizations',
    ],
    resource: 'authorization',
    instead:
      'Nobody logs in here: your SSH key says who you are. A terminal of the desktop (hearth shell --server NAME) has everything set up.',
  },
  {
    title: 'Authorizations',
    commands: ['authorizations:*', 'clients:*'],
    requests: ['/oauth/authorizations/{authorization}'],
    resource: 'authorization',
    instead:
      'There are no authorizations here: the desktop has one token per machine. End it with: hearth token revoke',
  },
  {
    title: 'Sessions',
    commands: ['auth:logout', 'sessions:*'],
    requests: ['/oauth/sessions/{session}'],
    resource: 'session',
    instead: 'There are no sessions here: the desktop has one token per machine. End it with: hearth token revoke',
  },
  {
    title: 'Transfers to other people',
    commands: ['apps:transfer'],
    requests: ['/account/app-transfers*'],
    resource: 'app_transfer',
    instead:
      'An app is not handed over on Hearth: give the other person the role manage on it (hearth access role EMAIL manage), and leave it when you like (heroku apps:leave).',
  },
  {
    title: 'Teams and enterprise accounts',
    commands: ['members', 'members:*', 'apps:join', 'apps:lock', 'apps:unlock'],
    requests: ['/teams*', '/organizations*', '/enterprise-accounts*'],
    resource: 'team',
    instead: 'Hearth has no teams. People get a role on an app or on the whole server: heroku access:add EMAIL',
  },
  {
    title: 'Private spaces',
    commands: ['spaces:*'],
    requests: ['/spaces*', '/apps/{app}/features/spaces-*'],
    resource: 'space',
    instead: 'Hearth has no spaces: a server of your own is private as it is.',
  },
  {
    title: 'Account, billing and phone numbers',
    commands: [],
    requests: [
      'DELETE /account',
      'DELETE /users/{user}',
      '/users/{user}/sms-number*',
      '/users/{user}/preferences',
      '/account/credits*',
      '/account/invoices*',
      '/account/invoice-address',
      '/account/delinquency',
      '/accounts/{account}/actions/get-quota',
    ],
    resource: 'account',
    instead: 'An account here is a name beside an SSH key: it has no bill, no phone and no preferences.',
  },
  {
    title: 'Features of accounts',
    commands: [],
    requests: ['/account/features/{feature}'],
    resource: 'account_feature',
    instead: 'There is nothing to turn on for an account here. What an app has is listed by: heroku features',
  },
  {
    title: 'Favourites and notifications',
    commands: ['apps:favorites:*', 'notifications'],
    requests: ['/favorites*', '/user/notifications*'],
    instead: 'Favourites and notifications are of Heroku alone; the desktop lists all apps of all servers.',
  },
]
