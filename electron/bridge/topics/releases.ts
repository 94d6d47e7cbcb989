import type { Ledger } from '../../core/ledger/ledger.ts'
import { ReleaseContents } from '../../core/ledger/release-contents.ts'
import type { ReleaseHistory } from '../../core/ledger/release-history.ts'
import type { ConnectedServers } from '../../core/ports/connected-servers.ts'
import type { CallAnswers } from '../answers.ts'

type Names =
  | 'releases.list'
  | 'releases.rollback'
  | 'releases.difference'
  | 'releases.configVarChanges'
  | 'releases.buildReports'
  | 'ledger.list'
  | 'ledger.findings'

export function answerReleases(
  servers: ConnectedServers,
  history: ReleaseHistory,
  ledger: Ledger,
  contents = new ReleaseContents(history, ledger, servers),
): Pick<CallAnswers, Names> {
  return {
    'releases.list': ({ serverId, app }) => history.ofApp(serverId, app),
    'releases.rollback': ({ serverId, app, version }) =>
      servers.agent(serverId).call('createRelease', { app }, { release: version }),
    'releases.difference': (pair) => contents.difference(pair),
    'releases.configVarChanges': (pair) => contents.configVarChanges(pair),
    async 'releases.buildReports'({ serverId, app, slug }) {
      return (await servers.agent(serverId).call('getSlug', { app, slug })).buildpack_reports
    },
    'ledger.list': (query) => history.search(query),
    'ledger.findings': () => ledger.findings(),
  }
}
