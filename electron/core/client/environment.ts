import type { ClientFolder } from './client-folder.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Null takes a variable of the user's own away. */
export type EnvironmentChange = Readonly<Record<string, string | null>>

export interface ClientPlace {
  readonly folder: ClientFolder
  /** The server's own port of 127.0.0.1. */
  readonly port: number
  readonly token: string
  /** What commands mean that name no app; null leaves that to the folder's git remote. */
  readonly app: string | null
  /** Whether there is an `ssh` program, which the client's newer way to a terminal needs. */
  readonly hasSsh: boolean
  /**
   * Only the client is started with it. Then also what reports home past the client's own settings (the Sentry of heroku 10.17,
   * which takes its proxy from the small letters) is refused, and so is every other program's way out.
   */
  readonly isForClientAlone: boolean
  readonly platform: NodeJS.Platform
}

/**
 * What the stock heroku client needs to speak to a server through the gateway and to nothing else, no request of its own
 * leaving this computer (heroku 11.10 and 10.17; which variable is for what: its vars.js, api-client.js, analytics.js and hooks).
 */
export function clientEnvironment(place: ClientPlace, user: Environment): EnvironmentChange {
  const { folder, port, token, app, hasSsh } = place
  const host = `127.0.0.1:${port}`
  const api = `http://${host}`
  return {
    HEROKU_HOST: api,
    HEROKU_API_KEY: token,
    // Each of these would be a host of Heroku's, and most would be shown the token.
    HEROKU_ANALYTICS_URL: api,
    HEROKU_BUILDPACK_REGISTRY_URL: api,
    HEROKU_CI_WEBSOCKET_URL: `ws://${host}/socket`,
    HEROKU_DATA_HOST: '127.0.0.1',
    HEROKU_EXEC_URL: `https://${host}`,
    HEROKU_GIT_HOST: host,
    HEROKU_LOGIN_HOST: api,
    HEROKU_PARTICLEBOARD_URL: api,
    PGDIAGNOSE_URL: '127.0.0.1',
    DISABLE_TELEMETRY: 'true',
    HEROKU_DISABLE_AUTOUPDATE: 'true',
    HEROKU_SKIP_NEW_VERSION_CHECK: 'true',
    HEROKU_CACHE_DIR: folder.cache,
    HEROKU_CONFIG_DIR: folder.config,
    HEROKU_DATA_DIR: folder.data,
    HEROKU_APP: app,
    HEROKU_CLOUD: null,
    HEROKU_HEADERS: hasSsh ? null : '{"hearth-attach":"rendezvous"}',
    HEROKU_ORGANIZATION: null,
    HEROKU_TEAM: null,
    GIT_CONFIG_GLOBAL: folder.gitConfig,
    ...(user.GIT_SSL_CAINFO ? { GIT_SSL_CAINFO: folder.gitAuthorities } : {}),
    NODE_EXTRA_CA_CERTS: user.NODE_EXTRA_CA_CERTS ? folder.nodeAuthorities : folder.authority,
    ...proxyEnvironment(api, place, user),
  }
}

/**
 * The client sends what has a fixed name of Heroku's through a proxy, which is the gateway: it answers or refuses at once.
 * It decides by the API's host whether to use one (http-call 5.6, http.js), so this computer must not be an exception to
 * it. The client looks at the names in capitals first and nearly everything else at those in small letters: what is for
 * the other programs, a proxy of the user's own among it, goes there.
 */
function proxyEnvironment(
  proxy: string,
  { platform, isForClientAlone }: ClientPlace,
  user: Environment,
): EnvironmentChange {
  const exceptions = (user.no_proxy ?? user.NO_PROXY ?? '').split(',').map((name) => name.trim())
  const forClient = exceptions.filter((name) => name !== '' && !isException(name))
  const capitals = {
    HTTP_PROXY: proxy,
    ...(user.HTTPS_PROXY || user.https_proxy ? { HTTPS_PROXY: proxy } : {}),
    // Without one in capitals the client would look at the other.
    NO_PROXY: forClient.join(',') || 'none.invalid',
  }
  // Names differ in nothing but their letters' size there, and are the same to Windows.
  if (platform === 'win32') return capitals
  if (isForClientAlone) {
    return { ...capitals, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy, no_proxy: containedExceptions }
  }
  const [http, https] = [user.http_proxy ?? user.HTTP_PROXY, user.https_proxy ?? user.HTTPS_PROXY]
  return {
    ...capitals,
    ...(http ? { http_proxy: http } : {}),
    ...(https ? { https_proxy: https } : {}),
    no_proxy: [...new Set([...exceptions, ...loopback])].filter((name) => name !== '').join(','),
  }
}

const loopback = ['127.0.0.1', 'localhost', '::1']

/** Of whoever may leave by the gateway only. Never empty: Sentry takes an empty exception for one that every name ends with. */
export const containedExceptions = loopback.join(',')

/** One that would let the client by the proxy: a name stands for all that end with it. */
function isException(name: string): boolean {
  const ending = name.replace(/^\*?\./, '')
  const contained = ['heroku.com', 'herokai.com', ...loopback]
  return name === '*' || contained.some((own) => own.endsWith(ending) || ending.endsWith(own))
}
