import type { Role } from '../../contract/access/role.ts'
import type { DynoState } from '../../contract/dynos/dyno.ts'
import { describeFullDisk } from '../dynos/dyno-disk.ts'
import type { FormationEntry } from '../dynos/formation.ts'
import type { DynoDisk, DynoExit, DynoUsage } from '../ports/dynos/dyno-runner.ts'
import type { DynoRow } from '../ports/store.ts'
import type { DamagedSlug } from '../releases/damaged-slug.ts'

type Scaled = Pick<FormationEntry, 'type' | 'quantity' | 'size'>
type SampledDyno = Pick<DynoRow, 'name' | 'appId' | 'id'>

/**
 * What the platform writes into an app's log, in Heroku's words: people know them and programs look for them. Lines about
 * what somebody did come from `app[api]`, as there, those about a dyno from `heroku[<dyno>]`. Their source:
 * https://devcenter.heroku.com/articles/logging and https://devcenter.heroku.com/articles/error-codes
 */
export const logTexts = {
  // app[api]
  act: (what: string, actor: { readonly email: string }) => `${toOneLine(what)} by user ${toOneLine(actor.email)}`,
  releaseCreated: (version: number) => `Release v${version} created`,
  releaseCommand: (version: number) => `Running release v${version} commands`,
  releaseFailed: (version: number, reason: string) => `Release v${version} failed: ${toOneLine(reason)}`,
  scaled: (formation: readonly Scaled[]) =>
    `Scaled to ${formation.map(({ type, quantity, size }) => `${type}@${quantity}:${size}`).join(' ')}`,
  pageUnavailable: (variable: string, why: string, isKept: boolean) =>
    `The page of ${variable} could not be fetched: ${why}. ${isKept ? 'The one fetched before is shown.' : "Hearth's own is shown."}`,
  buildStack: (name: string) => `Next builds are on ${name}`,
  maintenance: (isOn: boolean) => `Maintenance mode ${isOn ? 'enabled' : 'disabled'}`,
  imagePushed: (type: string, id: string) => `Pushed image ${id.slice(0, 19)} for ${type}`,
  podman: (isOn: boolean) => `Podman ${isOn ? 'enabled' : 'disabled'}`,
  preboot: (isOn: boolean) => `Preboot ${isOn ? 'enabled' : 'disabled'}`,
  sleepSet: (seconds: number | null) =>
    seconds === null ? 'Sleeping disabled' : `Sleeping enabled, after ${seconds} seconds without a request`,
  renamed: (from: string, to: string) => `Renamed from ${from} to ${to}`,
  domainAdded: (hostname: string) => `Added domain ${hostname}`,
  domainRemoved: (hostname: string) => `Removed domain ${hostname}`,
  certificateAdded: (name: string, hostnames: readonly string[]) =>
    `Added certificate ${name} for ${hostnames.join(', ')}`,
  certificateUpdated: (name: string, hostnames: readonly string[]) =>
    `Updated certificate ${name} for ${hostnames.join(', ')}`,
  certificateRemoved: (name: string) => `Removed certificate ${name}`,
  certificateChosen: (hostname: string, name: string | null) =>
    name === null ? `Left the certificate of ${hostname} to the server` : `Chose certificate ${name} for ${hostname}`,
  certificateIssued: (hostname: string, expiresAt: string) => `Certificate issued for ${hostname}, until ${expiresAt}`,
  certificateFailed: (hostname: string, why: string) => `No certificate for ${hostname} so far: ${toOneLine(why)}`,
  certificateExpiring: (hostname: string, expiresAt: string) =>
    `The certificate of ${hostname} expires on ${expiresAt}, and no other is there yet`,
  automatedCertificates: (isOn: boolean) => `Automated certificates ${isOn ? 'enabled' : 'disabled'}`,
  automatedCertificatesRefreshed: 'Refreshed automated certificates',
  keepAliveToDynos: (isOn: boolean) => `Keeping connections to dynos ${isOn ? 'enabled' : 'disabled'}`,
  sessionAffinity: (isOn: boolean) => `Session affinity ${isOn ? 'enabled' : 'disabled'}`,
  logRuntimeMetrics: (isOn: boolean) => `Logging of runtime metrics ${isOn ? 'enabled' : 'disabled'}`,
  endToEndContinue: (isOn: boolean) => `Leaving 100-continue to dynos ${isOn ? 'enabled' : 'disabled'}`,
  httpsOnly: (isOn: boolean) => `Sending http to https ${isOn ? 'enabled' : 'disabled'}`,
  hsts: (seconds: number | null) => (seconds === null ? 'HSTS disabled' : `HSTS enabled, for ${seconds} seconds`),
  buildpacksSet: (buildpacks: readonly string[]) =>
    buildpacks.length > 0 ? `Set buildpacks to ${buildpacks.map(toOneLine).join(', ')}` : 'Removed all buildpacks',
  cacheRemoved: 'Removed the build cache',
  roleGiven: (email: string, role: Role) => `Gave ${email} the role ${role}`,
  roleTaken: (email: string) => `Removed ${email}`,
  buildStarted: 'Build started',
  buildCancelled: 'Build cancelled',
  buildSucceeded: 'Build succeeded',
  buildFailed: 'Build failed -- check your build output',
  buildInterrupted: 'Build interrupted: the agent stopped while it ran',
  slugsRemoved: (count: number) =>
    `Removed ${count === 1 ? '1 slug' : `${count} slugs`} that no release can be rolled back to any more`,

  webhookAdded: (id: string) => `Added webhook ${id}`,
  webhookUpdated: (id: string) => `Updated webhook ${id}`,
  webhookRemoved: (id: string) => `Removed webhook ${id}`,

  // app[api] and heroku[run.1234]; `inside` is the dyno that a command runs inside of
  starting: (command: string, inside: string | null = null) =>
    `Starting process with command \`${toOneLine(command)}\`${inside === null ? '' : ` inside ${inside}`}`,

  // heroku[web.1]
  stateChanged: (from: DynoState, to: DynoState | 'complete') => `State changed from ${from} to ${to}`,
  restarting: 'Restarting',
  cycling: 'Cycling',
  hung: (requests: number, durationMs: number) =>
    `Restarting: no answer to the last ${requests} requests, for ${toSeconds(durationMs)} seconds`,
  idling: 'Idling',
  unidling: 'Unidling',
  awaitingClient: 'Awaiting client',
  clientGone: 'Client connection closed. Sending SIGHUP to all processes',
  stopping: 'Stopping all processes with SIGTERM',
  killing: 'Stopping process with SIGKILL',
  killingRest: 'Stopping remaining processes with SIGKILL',
  exited: ({ status, signal }: Pick<DynoExit, 'status' | 'signal'>) =>
    `Process exited with status ${shellStatus({ status, signal })}`,
  crashed: (reason: string) => `Error: the dyno ${toOneLine(reason)}`,
  bootTimeout: (timeoutMs: number) =>
    `Error R10 (Boot timeout) -> Web process failed to bind to $PORT within ${toSeconds(timeoutMs)} seconds of launch`,
  exitTimeout: (graceMs: number) =>
    `Error R12 (Exit timeout) -> At least one process failed to exit within ${toSeconds(graceMs)} seconds of SIGTERM`,
  attachTimeout: 'Error R13 (Attach error) -> Failed to attach to process',
  detached:
    'Error R16 (Detached) -> An attached process is not responding to SIGHUP after its external connection was closed.',
  // Heroku's own line lacks the word that it means: "Checksum does match".
  checksumError: ({ expected, actual }: DamagedSlug) =>
    `Error R17 (Checksum error) -> Checksum does not match expected value. Expected: ${expected} Actual: ${actual ?? 'unreadable'}`,
  memoryUsed: (usedBytes: number, grantedBytes: number) =>
    `Process running mem=${Math.floor(usedBytes / 1024 ** 2)}M(${((usedBytes / grantedBytes) * 100).toFixed(1)}%)`,
  // https://devcenter.heroku.com/articles/log-runtime-metrics
  loadSampled: ({ name, appId, id }: SampledDyno, [one, five, fifteen]: readonly [number, number, number]) =>
    `${sampleOf(name, appId, id)} sample#load_avg_1m=${one.toFixed(2)} sample#load_avg_5m=${five.toFixed(2)} sample#load_avg_15m=${fifteen.toFixed(2)}`,
  memorySampled: (
    { name, appId, id }: SampledDyno,
    { memoryBytes, rssBytes, swapBytes }: Pick<DynoUsage, 'memoryBytes' | 'rssBytes' | 'swapBytes'>,
    grantedBytes: number,
  ) =>
    `${sampleOf(name, appId, id)} sample#memory_total=${toMegabytes(memoryBytes + swapBytes)} sample#memory_rss=${toMegabytes(rssBytes)} ` +
    `sample#memory_cache=${toMegabytes(Math.max(0, memoryBytes - rssBytes))} sample#memory_swap=${toMegabytes(swapBytes)} ` +
    `sample#memory_quota=${toMegabytes(grantedBytes)}`,
  memoryExceeded: 'Error R14 (Memory quota exceeded)',
  diskFull: (disk: DynoDisk) => `Error: the dyno ${describeFullDisk(disk)}; what it writes is refused (ENOSPC)`,
  memoryVastlyExceeded: 'Error R15 (Memory quota vastly exceeded)',

  // heroku[web.1]
  outputDropped: (count: number, since: string) =>
    `Error L10 (output buffer overflow): ${count} messages dropped since ${since}: this dyno writes more than a log takes.`,

  // heroku[logplex], to one reader
  readerBehind: (count: number, since: string) =>
    `Error L11 (Tail buffer overflow) -> This tail session dropped ${count} messages since ${since}.`,
  linesForgotten: (since: string) =>
    `Error L11 (Tail buffer overflow) -> This tail session lost messages since ${since}: they are older than what is kept.`,

  // heroku[logplex]
  drainFails: (token: string, reason: string, isUntrusted: boolean) =>
    `${isUntrusted ? 'Error L14 (Certificate validation error)' : 'Error L13 (Local delivery error)'}: the drain ${token} gets no lines now, ${toOneLine(reason)}; they wait as far as there is room`,
  drainWorks: (token: string) => `The drain ${token} takes lines again`,

  // heroku[router]
  linesUnkept: (count: number) =>
    `${count} lines before this one are not in the history: more came at once than it takes`,
  linesDropped: (count: number) => `Error L10 (output buffer overflow): ${count} messages dropped`,

  // activity alone; dynos say themselves what becomes of them
  restarted: (what: string) => `Restarted ${what}`,
  stopped: (what: string) => `Stopped ${what}`,
  releaseMade: (description: string, version: number) => `${toOneLine(description)} (v${version})`,
  appCreated: (name: string) => `Created the app ${name}`,
  appDestroyed: (name: string) => `Destroyed the app ${name}`,
  keyAdded: (email: string, fingerprint: string) => `Added the key ${fingerprint} of ${email}`,
  keyRemoved: (email: string, fingerprint: string) => `Removed the key ${fingerprint} of ${email}`,
} as const

/** What a shell says of how a command ended: its exit status, or 128 and the signal's number. */
export function shellStatus({ status, signal }: Pick<DynoExit, 'status' | 'signal'>): number {
  return signal === null ? (status ?? 1) : 128 + (signalNumbers[signal] ?? 0)
}

/** Those that end a process, as Linux numbers them. */
const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGSYS: 31,
}

/** Somebody's text could otherwise go on in a line of its own, and look like one of ours. */
function toOneLine(text: string): string {
  return text.replaceAll('\r', '\\r').replaceAll('\n', '\\n')
}

const sampleOf = (name: string, appId: string, id: string) => `source=${name} dyno=heroku.${appId}.${id}`

const toMegabytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(2)}MB`

function toSeconds(durationMs: number): number {
  return Math.round(durationMs / 1000)
}
