import { limits } from '../limits.ts'
import type {
  RoutedApp,
  RoutedAppState,
  RoutedCertificate,
  RoutedChallenge,
  RoutedDyno,
  RoutingChange,
  RoutingTable,
} from '../ports/routing/router-control.ts'

const states = new Set<unknown>(['blank', 'stopped', 'starting', 'crashed', 'up'] satisfies RoutedAppState[])

/**
 * Reads a routing table from JSON. The router checks it by hand instead of with the schema library: that library would be
 * a fifth of the router's memory.
 */
export function parseRoutingTable(value: unknown): RoutingTable {
  const table = objectAt('table', value)
  return {
    revision: integerAt('revision', table.revision, 0, Number.MAX_SAFE_INTEGER),
    apps: listAt('apps', table.apps).map((app, index) => parseApp(`apps[${index}]`, app)),
  }
}

/** The same for what changes a table. */
export function parseRoutingChange(value: unknown): RoutingChange {
  const change = objectAt('change', value)
  return {
    base: integerAt('base', change.base, 0, Number.MAX_SAFE_INTEGER),
    revision: integerAt('revision', change.revision, 0, Number.MAX_SAFE_INTEGER),
    apps: listAt('apps', change.apps).map((app, index) => parseApp(`apps[${index}]`, app)),
    removed: listAt('removed', change.removed).map((id, index) => textAt(`removed[${index}]`, id)),
  }
}

function parseApp(at: string, value: unknown): RoutedApp {
  const app = objectAt(at, value)
  if (!states.has(app.state)) throw malformed(`${at}.state`, app.state)
  return {
    id: textAt(`${at}.id`, app.id),
    name: textAt(`${at}.name`, app.name),
    hostnames: listAt(`${at}.hostnames`, app.hostnames).map((name, index) => textAt(`${at}.hostnames[${index}]`, name)),
    maintenance: booleanAt(`${at}.maintenance`, app.maintenance),
    state: app.state as RoutedAppState,
    ...(app.isAsleep !== undefined && { isAsleep: booleanAt(`${at}.isAsleep`, app.isAsleep) }),
    ...(app.keepAliveToDynos !== undefined && {
      keepAliveToDynos: booleanAt(`${at}.keepAliveToDynos`, app.keepAliveToDynos),
    }),
    ...(app.endToEndContinue !== undefined && {
      endToEndContinue: booleanAt(`${at}.endToEndContinue`, app.endToEndContinue),
    }),
    ...(app.sessionAffinity !== undefined && {
      sessionAffinity: booleanAt(`${at}.sessionAffinity`, app.sessionAffinity),
    }),
    ...(app.errorPage !== undefined && { errorPage: pageAt(`${at}.errorPage`, app.errorPage) }),
    ...(app.maintenancePage !== undefined && { maintenancePage: pageAt(`${at}.maintenancePage`, app.maintenancePage) }),
    ...parseSecurity(at, app),
    dynos: listAt(`${at}.dynos`, app.dynos).map((dyno, index) => parseDyno(`${at}.dynos[${index}]`, dyno)),
  }
}

function parseSecurity(at: string, app: Record<string, unknown>): Partial<RoutedApp> {
  const { certificates, challenges, hstsSeconds, httpsOnly } = app
  return {
    ...(certificates !== undefined && {
      certificates: listAt(`${at}.certificates`, certificates).map((one, index) =>
        parseCertificate(`${at}.certificates[${index}]`, one),
      ),
    }),
    ...(httpsOnly !== undefined && { httpsOnly: booleanAt(`${at}.httpsOnly`, httpsOnly) }),
    ...(hstsSeconds !== undefined && {
      hstsSeconds: integerAt(`${at}.hstsSeconds`, hstsSeconds, 0, Number.MAX_SAFE_INTEGER),
    }),
    ...(challenges !== undefined && {
      challenges: listAt(`${at}.challenges`, challenges).map((one, index) =>
        parseChallenge(`${at}.challenges[${index}]`, one),
      ),
    }),
  }
}

function parseCertificate(at: string, value: unknown): RoutedCertificate {
  const { certificate, hostnames, key } = objectAt(at, value)
  return {
    hostnames: listAt(`${at}.hostnames`, hostnames).map((name, index) => textAt(`${at}.hostnames[${index}]`, name)),
    certificate: pemAt(`${at}.certificate`, certificate),
    key: pemAt(`${at}.key`, key),
  }
}

function parseChallenge(at: string, value: unknown): RoutedChallenge {
  const { answer, certificate, hostname, key, kind, token } = objectAt(at, value)
  if (kind === 'http-01') return { kind, token: textAt(`${at}.token`, token), answer: textAt(`${at}.answer`, answer) }
  if (kind !== 'tls-alpn-01') throw malformed(`${at}.kind`, kind)
  const pair = { certificate: pemAt(`${at}.certificate`, certificate), key: pemAt(`${at}.key`, key) }
  return { kind, hostname: textAt(`${at}.hostname`, hostname), ...pair }
}

function parseDyno(at: string, value: unknown): RoutedDyno {
  const dyno = objectAt(at, value)
  return {
    id: textAt(`${at}.id`, dyno.id),
    name: textAt(`${at}.name`, dyno.name),
    host: textAt(`${at}.host`, dyno.host),
    port: integerAt(`${at}.port`, dyno.port, 1, 65_535),
  }
}

function objectAt(at: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(at, value)
  return value as Record<string, unknown>
}

function listAt(at: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw malformed(at, value)
  return value
}

// Ids and names end up in log lines, where a space or a line break would forge fields.
function textAt(at: string, value: unknown): string {
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,300}$/.test(value)) throw malformed(at, value)
  return value
}

/** What is wrong with a key is not said: it would be in the journal. */
function pemAt(at: string, value: unknown): string {
  if (typeof value !== 'string' || value.length > limits.certificateBytes || !value.startsWith('-----BEGIN ')) {
    throw malformed(at, 'not PEM')
  }
  return value
}

function pageAt(at: string, value: unknown): string {
  if (typeof value !== 'string' || value.length > limits.customPageBytes) throw malformed(at, value)
  return value
}

function integerAt(at: string, value: unknown, min: number, max: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) throw malformed(at, value)
  return value as number
}

function booleanAt(at: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw malformed(at, value)
  return value
}

function malformed(at: string, value: unknown): Error {
  return new Error(`The routing table is malformed: ${at} is ${JSON.stringify(value)?.slice(0, 80) ?? 'missing'}`)
}
