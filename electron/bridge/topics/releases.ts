import type { Changes } from '../../core/changes.ts'
import type { Ledger } from '../../core/ledger/ledger.ts'
import { exportLedger } from '../../core/ledger/ledger-export.ts'
import { ReleaseContents } from '../../core/ledger/release-contents.ts'
import type { ReleaseHistory } from '../../core/ledger/release-history.ts'
import type { ConnectedServers } from '../../core/ports/connected-servers.ts'
import type { CallAnswers } from '../answers.ts'

type Names = Extract<keyof CallAnswers, `releases.${string}` | `ledger.${string}`>

export interface ReleaseTopicOptions {
  readonly servers: ConnectedServers
  readonly history: ReleaseHistory
  readonly ledger: Ledger
  readonly changes: Changes
}

export function answerReleases({ servers, history, ledger, changes }: ReleaseTopicOptions): Pick<CallAnswers, Names> {
  const contents = new ReleaseContents(history, ledger, servers)
  return {
    'releases.list': ({ serverId, app }) => history.ofApp(serverId, app),
    'releases.rollback': ({ serverId, app, version }) =>
      servers.agent(serverId).call('createRelease', { app }, { release: version }),
    'releases.difference': (pair) => contents.difference(pair),
    'releases.configVarChanges': (pair) => contents.configVarChanges(pair),
    async 'releases.buildReports'({ serverId, app, slug }) {
      return (await servers.agent(serverId).call('getSlug', { app, slug })).buildpack_reports
    },
    'releases.slugWeight': ({ serverId, app, slug }) => servers.agent(serverId).call('getSlugWeight', { app, slug }),
    'ledger.list': (query) => history.search(query),
    'ledger.addNote'(note) {
      history.addNote(note)
      changes.emit({ topic: 'ledger' })
      return {}
    },
    'ledger.export': ({ format, ...query }) => exportLedger(ledger, { format, query, now: new Date() }),
    'ledger.findings': () => ledger.findings(),
  }
}
