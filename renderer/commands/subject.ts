import type {
  AppAccess,
  AppSummary,
  BridgeDomain,
  Certificate,
  LedgerRelease,
  Person,
  PersonKey,
  Server,
} from '../../electron/bridge/contract.ts'
import { shortenFingerprint } from '../lib/fingerprint.ts'
import type { ShownPane } from '../stores/panes.ts'

/** What a command is about, by the place where it applies. */
export interface Subjects {
  /** The window as a whole. */
  desktop: Record<string, never>
  server: { server: Server }
  app: { summary: AppSummary }
  dyno: { summary: AppSummary; dyno: { name: string; type: string; state: string } }
  pane: ShownPane
  domain: { summary: AppSummary; domain: BridgeDomain }
  /** One that somebody uploaded. */
  certificate: { summary: AppSummary; certificate: Certificate }
  /** Somebody of an app. */
  member: { summary: AppSummary; member: AppAccess['people'][number]; isYou: boolean }
  /** Somebody whom a server knows. */
  person: { server: Server; person: Person }
  key: {
    server: Server
    key: Pick<PersonKey, 'id' | 'comment' | 'fingerprint'>
    /** Null for one's own. */
    owner: Pick<Person, 'id' | 'email'> | null
    isOnly: boolean
  }
  release: {
    summary: AppSummary
    release: LedgerRelease
    /** All of the app, newest first. */
    releases: LedgerRelease[]
  }
}

export type Place = keyof Subjects

export const theDesktop: Subjects['desktop'] = {}

/** How a list names what a command is about; empty for the window, which needs no name. */
export function nameOf(subject: Subjects[Place]): string {
  if ('member' in subject) return subject.member.user.email
  if ('person' in subject) return subject.person.email
  if ('domain' in subject) return subject.domain.hostname
  if ('certificate' in subject) return subject.certificate.name
  if ('key' in subject) return nameOfKey({ key: subject.key })
  if ('dyno' in subject) return `${subject.summary.app.name} ${subject.dyno.name}`
  if ('release' in subject) return `${subject.summary.app.name} v${subject.release.version}`
  if ('summary' in subject) return subject.summary.app.name
  if ('server' in subject) return subject.server.name
  return ''
}

/** What whoever made it called it, else enough of its fingerprint. */
export const nameOfKey = ({ key }: Pick<Subjects['key'], 'key'>): string =>
  key.comment || shortenFingerprint(key.fingerprint)
