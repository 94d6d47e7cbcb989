import { cp } from 'node:fs/promises'
import path from 'node:path'
import type { HearthServer } from '../../hearth-server.ts'
import { type Mirror, openMirror } from './open-mirror.ts'

/** Real gems: those that Debian's packages have, packed again, because rubygems.org is not reached by each machine that runs the tests. */
const debianPackages = [
  'ruby',
  'ruby-sinatra',
  'ruby-webrick',
  'ruby-railties',
  'ruby-sprockets-rails',
  'puma',
  'ruby-pg',
]
const gems = ['sinatra', 'webrick', 'railties', 'sprockets-rails', 'puma', 'rake', 'pg']

export interface GemMirror extends Mirror {
  /** Adds a gem that has only what `specification` says, in the words of Ruby; `s` is its Gem::Specification. */
  make(name: string, specification: string, files?: Readonly<Record<string, string>>): Promise<void>
  /** Makes the index anew, after gems were added. */
  offer(): Promise<void>
}

/** A mirror of a gem server on the server's own network; its address is for the config var BUNDLE_MIRROR__ALL. */
export async function openGems(hearth: HearthServer): Promise<GemMirror> {
  const { server } = hearth
  await server.exec(['apt-get', 'update', '-qq'])
  await server.exec(['apt-get', 'install', '-qq', '-y', '--no-install-recommends', ...debianPackages])
  await cp(path.join(import.meta.dirname, 'repack-gems.rb'), server.path('/opt/repack-gems.rb'))
  await server.exec(['ruby', '/opt/repack-gems.rb', '/opt/mirror/gems', ...gems])
  const offer = async () => {
    await server.exec(['gem', 'generate_index', '--directory', '/opt/mirror'])
  }
  await offer()
  return {
    ...(await openMirror(hearth, '/opt/mirror')),
    offer,
    async make(name, specification, files = {}) {
      const names = JSON.stringify(Object.keys(files))
      const spec = `Gem::Specification.new { |s| s.name = "${name}"; s.version = "1.0.0"; s.summary = "x"; s.authors = ["x"]; s.files = ${names}; ${specification} }`
      const all = Object.entries({ ...files, 'x.gemspec': spec })
      const script = `mkdir -p /opt/${name} && cd /opt/${name} && while [ $# -gt 0 ]; do printf %s "$2" >"$1"; shift 2; done &&
        gem build x.gemspec --output=/opt/mirror/gems/${name}-1.0.0.gem`
      await server.exec(['sh', '-c', script, 'make', ...all.flat()])
    },
  }
}
