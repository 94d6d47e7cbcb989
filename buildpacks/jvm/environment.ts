import { access, realpath } from 'node:fs/promises'
import path from 'node:path'
import type { LanguageEnvironment } from '../lib/build.ts'
import { platformEnvironment } from '../lib/config.ts'
import { writeTrustStore } from './trust-store.ts'

/** What every tool of the JVM finds in a build. */
export async function renderJvmEnvironment(): Promise<LanguageEnvironment> {
  const home = await findJavaHome()
  return { under: { LANG: 'C.UTF-8' }, over: home ? { JAVA_HOME: home } : {} }
}

/** The folder that holds `bin/javac`, through the links of Debian's alternatives. */
export async function findJavaHome(): Promise<string | null> {
  for (const folder of (platformEnvironment.PATH ?? '').split(':')) {
    const file = path.join(folder, 'javac')
    const found = await access(file).then(
      () => true,
      () => false,
    )
    if (found) return path.dirname(path.dirname(await realpath(file)))
  }
  return null
}

/**
 * Options for a JVM that talks to the network: whom it trusts, the server's proxy, which Java does not take from the environment,
 * and a home that is not the app. As words for MAVEN_OPTS and the like, so they hold no spaces.
 */
export async function renderJvmOptions(
  cache: string,
  environment: Readonly<Record<string, string | undefined>> = platformEnvironment,
): Promise<string[]> {
  const store = await writeTrustStore(cache)
  return [
    `-Duser.home=${path.join(cache, 'home')}`,
    '-Dfile.encoding=UTF-8',
    ...(store ? [`-Djavax.net.ssl.trustStore=${store}`] : []),
    ...renderProxy('http', environment.http_proxy ?? environment.HTTP_PROXY),
    ...renderProxy('https', environment.https_proxy ?? environment.HTTPS_PROXY),
    ...renderNoProxy(environment.no_proxy ?? environment.NO_PROXY),
  ]
}

function renderProxy(scheme: string, address: string | undefined): string[] {
  if (!address || !URL.canParse(address)) return []
  const { hostname, port } = new URL(address)
  return [`-D${scheme}.proxyHost=${hostname}`, `-D${scheme}.proxyPort=${port || '80'}`]
}

function renderNoProxy(hosts: string | undefined): string[] {
  const names = hosts?.split(/[\s,]+/).filter(Boolean) ?? []
  if (names.length === 0) return []
  return [`-Dhttp.nonProxyHosts=${names.map((name) => name.replace(/^\./, '*.')).join('|')}`]
}
