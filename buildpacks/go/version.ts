import { chooseVersion, findWish, offerArchives, type VersionChoice, type VersionWish } from '../lib/choose-version.ts'
import { BuildError } from '../lib/output.ts'
import { goArchives, renderArchiveUrl } from './archives.ts'
import type { GoModules } from './go-mod.ts'

const advice = 'Write a version into go.mod, for example:\n  go 1.26'

/** Which Go an app is for, in the order in which its places count. */
export function findGoWish(modules: GoModules, configVars: ReadonlyMap<string, string>): Promise<VersionWish | null> {
  const wish = (text: string | null | undefined, from: string) => async () =>
    text ? { text: text.replace(/^go/, ''), from } : null
  return findWish([
    wish(configVars.get('GOVERSION'), 'the config var GOVERSION'),
    wish(modules.herokuVersion, 'the comment +heroku goVersion'),
    wish(modules.toolchainLine, 'the line toolchain'),
    wish(modules.goLine, 'the line go'),
  ])
}

/**
 * A Go of the same line, in its newest patch. Code for an older line than there is builds with the oldest: Go promises that
 * it means the same there.
 */
export function chooseGo(wish: VersionWish | null, proxies: string | undefined): VersionChoice {
  const archives = offerArchives('go', goArchives, (version, architecture) =>
    renderArchiveUrl(proxies, version, architecture),
  )
  const choose = (one: VersionWish | null) =>
    chooseVersion({ language: 'Go', wish: one, stack: null, archives, advice })
  if (wish === null) return { ...choose(null), warnings: [`go.mod names no version of Go.\n${advice}`] }
  const [, major, minor] = /^(\d+)\.(\d+)(?:\.\d+)?(?:rc\d+|beta\d+)?$/.exec(wish.text) ?? []
  if (!major || !minor)
    throw new BuildError('invalid-version', `'${wish.text}' (${wish.from}) is not a version of Go.`, advice)
  const lines = archives.map(({ version }) => Number(version.split('.')[1]))
  const line = Math.max(Number(minor), Math.min(...lines))
  return choose({ ...wish, text: `${major}.${line}` })
}
