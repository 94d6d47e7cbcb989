// What commands are called and what they ask, apart from what they do. A command without words does not compile, nor do words
// without a command.
import { countOf, sayNames } from '../lib/format.ts'
import { errorCodes } from '../lib/log/error-codes.ts'
import { actsOf } from '../stores/panes.ts'
import { isPinned } from '../stores/pinned.ts'
import { noticeWords } from './notices/notice-words.ts'
import { lastDone } from './notices/undo.ts'
import { nameOfKey, type Place, type Subjects } from './subject.ts'

export interface Words<P extends Place> {
  label: string | ((subject: Subjects[P]) => string)
  /** What it is called where no subject is at hand: needed where the label depends on one. */
  sheet?: string
  /** Other words that somebody may look for it by. */
  keywords?: string
  /** Asked before something is taken away. */
  loss?: Loss<P>
}

/** The object by name, what is lost with it, and whether that can be taken back. */
export interface Loss<P extends Place> {
  title: (subject: Subjects[P]) => string
  lost: (subject: Subjects[P]) => string
  confirm: string | ((subject: Subjects[P]) => string)
}

/** The same of an app and of a server. */
const roleWords = {
  'role-view': { label: 'Give the role view', keywords: 'permission' },
  'role-deploy': { label: 'Give the role deploy', keywords: 'permission' },
  'role-operate': { label: 'Give the role operate', keywords: 'permission' },
  'role-manage': { label: 'Give the role manage', keywords: 'permission admin' },
}

type WordsOf = { [P in Place]: Record<string, Words<P>> }

export const words = {
  desktop: {
    palette: { label: 'Search or run a command' },
    'new-app': { label: 'Deploy a new app', keywords: 'create app folder sample' },
    'add-server': { label: 'Add server', keywords: 'connect machine ssh install' },
    apps: { label: 'All apps', keywords: 'home list' },
    ledger: { label: 'Ledger: every release of every app', keywords: 'history audit' },
    'export-json': { label: 'Export the ledger as JSON, for programs', keywords: 'save file releases' },
    'export-csv': { label: 'Export the ledger as CSV, for spreadsheets', keywords: 'save file releases excel' },
    settings: { label: 'Settings', keywords: 'preferences options theme key' },
    'theme-system': { label: 'Use the theme of the system', keywords: 'appearance auto' },
    'theme-light': { label: 'Use the light theme', keywords: 'appearance bright' },
    'theme-dark': { label: 'Use the dark theme', keywords: 'appearance night' },
    undo: {
      label: () => noticeWords.undoing(lastDone()?.said),
      sheet: 'Undo what was done last, where that can be undone',
      keywords: 'back revert',
    },
    'error-codes': {
      label: 'Error codes: what H12, R14 or L10 means',
      keywords: `help log router ${errorCodes.map(({ code, title }) => `${code} ${title}`).join(' ')}`.toLowerCase(),
    },
    shortcuts: { label: 'Keyboard shortcuts', keywords: 'help keys' },
  },
  server: {
    show: { label: 'Show server', keywords: 'overview memory disk' },
    'new-app': { label: 'Deploy a new app here', keywords: 'create' },
    terminal: { label: 'Open a terminal for the heroku client', keywords: 'git shell cli' },
    access: { label: 'Access', keywords: 'people roles keys' },
    'let-in': { label: 'Let somebody in', keywords: 'invite add person collaborator' },
    reconnect: { label: 'Connect now', keywords: 'reconnect retry' },
    install: {
      label: ({ server }) => (server.agent ? 'Repair or upgrade the agent' : 'Install the agent'),
      keywords: 'agent',
    },
    trust: { label: 'Trust its certificates on this computer', keywords: 'authority https tls ca local' },
    distrust: { label: 'Trust its certificates no more', keywords: 'authority https tls ca local' },
    forget: {
      label: 'Forget server',
      keywords: 'remove delete',
      loss: {
        title: ({ server }) => `Forget ${server.name}?`,
        lost: ({ server }) =>
          `${server.name} disappears from this computer. The machine and its apps stay as they are, and the ledger keeps its history.`,
        confirm: 'Forget server',
      },
    },
  },
  app: {
    overview: { label: 'Overview', keywords: 'formation scale dynos metrics' },
    deploy: { label: 'Deploy', keywords: 'push build release folder git' },
    releases: { label: 'Releases', keywords: 'history rollback' },
    logs: { label: 'Logs', keywords: 'tail' },
    terminal: { label: 'Terminal', keywords: 'shell bash run console' },
    'config-vars': { label: 'Config vars', keywords: 'environment env secrets' },
    access: { label: 'Access', keywords: 'people collaborators roles' },
    'let-in': { label: 'Let somebody in', keywords: 'invite add person collaborator' },
    settings: {
      label: 'Settings',
      keywords:
        'domains dns https certificates hsts acm tls ssl sleep idle preboot podman session affinity labs features error page buildpacks rename maintenance stack',
    },
    open: { label: 'Open app', keywords: 'url browser visit' },
    'copy-url': { label: 'Copy address', keywords: 'url link' },
    pin: {
      label: ({ summary }) => (isPinned(summary) ? 'Unpin from the sidebar' : 'Pin to the sidebar'),
      sheet: 'Pin to the sidebar, or unpin',
      keywords: 'favourite star',
    },
    restart: { label: 'Restart all dynos', keywords: 'reboot' },
    maintenance: {
      label: ({ summary }) => (summary.app.maintenance ? 'Turn maintenance mode off' : 'Turn maintenance mode on'),
      keywords: 'pause page',
    },
    'add-certificate': { label: 'Upload a certificate', keywords: 'https tls ssl pem certs add sni' },
    destroy: {
      label: 'Destroy app',
      keywords: 'delete remove',
      loss: {
        title: ({ summary }) => `Destroy ${summary.app.name}?`,
        lost: ({ summary }) =>
          `Everything of ${summary.app.name} is stopped and removed from its server: dynos, slugs, config vars and domains. This can’t be undone. Only the ledger keeps its history.`,
        confirm: ({ summary }) => `Destroy ${summary.app.name}`,
      },
    },
  },
  dyno: {
    logs: { label: 'Show its logs' },
    terminal: { label: 'Open a terminal inside' },
    restart: { label: 'Restart' },
    stop: {
      label: 'Stop',
      loss: {
        title: ({ dyno }) => `Stop ${dyno.name}?`,
        lost: ({ dyno }) => `What runs in ${dyno.name} ends at once, and what it has not finished is lost.`,
        confirm: ({ dyno }) => `Stop ${dyno.name}`,
      },
    },
  },
  pane: {
    split: { label: 'Split the pane', keywords: 'side beside column log terminal' },
    'log-beside': { label: 'Log beside it', keywords: 'split pane' },
    'terminal-beside': { label: 'Terminal beside it', keywords: 'split pane' },
    left: { label: 'Go to the pane at the left', keywords: 'focus previous' },
    right: { label: 'Go to the pane at the right', keywords: 'focus next' },
    pause: {
      label: ({ pane }) => (actsOf(pane).pause?.isPaused ? 'Resume the log' : 'Pause the log'),
      keywords: 'stop hold follow',
    },
    save: { label: 'Save what the pane holds', keywords: 'download file export' },
    clear: { label: 'Clear the pane', keywords: 'empty' },
    larger: { label: 'Larger text', keywords: 'font size zoom' },
    smaller: { label: 'Smaller text', keywords: 'font size zoom' },
    'usual-size': { label: 'Text of the usual size', keywords: 'font reset zoom' },
    close: { label: 'Close the pane', keywords: 'split' },
  },
  domain: {
    copy: { label: 'Copy host name' },
    'retry-certificate': { label: 'Ask for its certificate again', keywords: 'acm refresh https' },
    remove: {
      label: 'Remove domain',
      loss: {
        title: ({ domain }) => `Remove ${domain.hostname}?`,
        lost: ({ summary }) => `Requests for it no longer reach ${summary.app.name}.`,
        confirm: 'Remove domain',
      },
    },
  },
  certificate: {
    replace: { label: 'Upload its successor', keywords: 'renew update' },
    remove: {
      label: 'Remove certificate',
      loss: {
        title: ({ certificate }) => `Remove ${certificate.name}?`,
        lost: ({ certificate: { ssl_cert } }) =>
          `Visitors of ${sayNames(ssl_cert.cert_domains)} no longer see it. Where there is no other they get no https. Its key is removed from the server, and this can’t be undone.`,
        confirm: 'Remove certificate',
      },
    },
  },
  member: {
    ...roleWords,
    'server-role': { label: 'Change the role on the server' },
    leave: {
      label: 'Leave this app',
      loss: {
        title: ({ summary }) => `Leave ${summary.app.name}?`,
        lost: (subject) => whatMemberLoses(subject),
        confirm: 'Leave',
      },
    },
    remove: {
      label: ({ summary }) => `Remove from ${summary.app.name}`,
      keywords: 'revoke delete',
      loss: {
        title: ({ summary, member }) => `Remove ${member.user.email} from ${summary.app.name}?`,
        lost: (subject) => whatMemberLoses(subject),
        confirm: 'Remove',
      },
    },
  },
  person: {
    ...roleWords,
    'role-none': { label: 'Keep to single apps', keywords: 'permission revoke' },
    remove: {
      label: ({ server }) => `Remove from ${server.name}`,
      keywords: 'revoke delete',
      loss: {
        title: ({ server, person }) => `Remove ${person.email} from ${server.name}?`,
        lost: ({ person: { email, keys, apps, role } }) =>
          `${countOf(keys.length, 'key')} and ${countOf(apps.length + (role === null ? 0 : 1), 'role')} of ${email} go. Their tokens, terminals and streams end at once, and they do not get in again. What they made stays.`,
        confirm: 'Remove',
      },
    },
  },
  key: {
    remove: {
      label: (subject) => `Take out ${nameOfKey(subject)}`,
      keywords: 'key revoke delete',
      loss: {
        title: ({ owner, ...subject }) =>
          owner ? `Take out ${nameOfKey(subject)} of ${owner.email}?` : `Take out ${nameOfKey(subject)}?`,
        lost: ({ key, server, owner }) =>
          `${key.fingerprint} opens ${server.name} no more. What is open by it ends at once: terminals, logs, deploys.${owner ? '' : ' If it is the one of this desktop, it does not get in any more.'} Other keys stay.`,
        confirm: 'Take out the key',
      },
    },
  },
  release: {
    'roll-back': { label: ({ release }) => `Roll back to v${release.version}` },
    'copy-commit': { label: 'Copy commit' },
  },
} satisfies WordsOf

function whatMemberLoses({ summary, member, isYou }: Subjects['member']): string {
  const app = summary.app.name
  const who = isYou ? 'You' : member.user.email
  return member.server_role === null
    ? `${who} no longer ${isYou ? 'see' : 'sees'} ${app}: terminals, logs and deploys that are open end at once. If it is the last role on the server, the keys are taken out with it.`
    : `${who} still ${isYou ? 'have' : 'has'} the role ${member.server_role} on the whole server, and so on ${app}.`
}

export type CommandName<P extends Place> = keyof (typeof words)[P] & string

export const say = <S>(text: string | ((subject: S) => string), subject: S): string =>
  typeof text === 'string' ? text : text(subject)

/** A command's name where it has no subject, in a list of shortcuts say: `app.pin`. */
export function sheetLabel(id: string): string {
  const [place = '', name = ''] = id.split('.')
  const { label, sheet } = (words as unknown as Record<string, Record<string, Words<Place>>>)[place]?.[name] ?? {}
  return sheet ?? (typeof label === 'string' ? label : id)
}
