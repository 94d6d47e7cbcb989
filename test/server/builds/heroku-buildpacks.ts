// Heroku's own buildpacks, as they are: HEARTH_TEST_BUILDPACKS is what stands before the names of their repositories, an address
// (https://github.com/heroku/) or a folder of clones (/srv/mirrors/). Without it they are not tried, as nothing of theirs is in this
// repository. What they download from places of their own is offered by a mirror that is filled from package registries.
import { execFileSync } from 'node:child_process'
import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { ubuntuMirror } from '../../servers/suites.ts'
import { root } from '../../tooling/repository.ts'
import type { LanguageApp, LanguageServer } from './languages/deploy-language.ts'
import { type Mirror, openMirror } from './mirrors/open-mirror.ts'

/** Whether they are to be tried, and where from. */
export const herokuBuildpacks = process.env.HEARTH_TEST_BUILDPACKS ?? null

const mirrored = '/opt/mirror'
const go = 'go1.26.5'
/** Its archive has a checksum that only its own place can give; a toolchain that lies in its cache is taken as it is. */
const fillGoCache = `[ -d "$2/.heroku/go/${go}/go" ] && exit
mkdir -p "$2/.heroku/go/${go}" && cd "$2/.heroku/go/${go}" &&
curl -sSf -o go.zip "\${GOPROXY:-https://proxy.golang.org}/golang.org/toolchain/@v/v0.0.1-${go}.linux-$(dpkg --print-architecture).zip" &&
unzip -q go.zip && mv golang.org/toolchain@* go && chmod -R u+rwx go/bin go/pkg/tool && rm -r go.zip golang.org`

export interface HerokuServer extends AsyncDisposable {
  /** A clone of one of theirs, as a folder of the server. */
  clone(name: string): Promise<string>
  /** Has an app built by what is theirs for that language, with what it downloads from places of its own. */
  use(app: LanguageApp, language: 'node' | 'go'): Promise<void>
  /** Has an app built on Ubuntu 24.04, which passes for heroku-24: what a buildpack brings ready for that runs there. */
  useUbuntu(app: LanguageApp): Promise<void>
  choose(app: LanguageApp, buildpacks: string[]): Promise<void>
}

export async function openHerokuBuildpacks({ hearth }: LanguageServer, from: string): Promise<HerokuServer> {
  const { server, desktop } = hearth
  const work = await mkdtemp(path.join(os.tmpdir(), 'hearth-heroku-'))
  await mkdir(server.path(mirrored), { recursive: true })
  await packNode(work, server.path(`${mirrored}/node.tar.gz`))
  await appendFile(server.path('/etc/hearth/environment'), `HEARTH_STACKS="ubuntu-24.04=${ubuntuMirror()}"\n`)
  const mirror: Mirror = await openMirror(hearth, mirrored)
  const clone = async (name: string) => {
    const folder = `/opt/heroku/${name}`
    const cloned = path.join(work, name)
    await rm(cloned, { recursive: true, force: true })
    execFileSync('git', ['clone', '--quiet', '--depth', '1', `${from}${name}`, cloned], { stdio: 'pipe' })
    await cp(cloned, server.path(folder), { recursive: true })
    return folder
  }
  const choose = async (app: LanguageApp, buildpacks: string[]) => {
    await desktop.calls['buildpacks.update']({ ...desktop.of(app.name), buildpacks })
  }
  return {
    clone,
    choose,
    async useUbuntu(app) {
      await desktop.calls['apps.update']({ ...desktop.of(app.name), update: { build_stack: 'heroku-24' } })
    },
    async use(app, language) {
      if (language === 'node') {
        await app.set({ NODE_BINARY_URL: `${mirror.url}node.tar.gz` })
        return choose(app, [await clone('heroku-buildpack-nodejs')])
      }
      const fill = '/opt/heroku/toolchain'
      await mkdir(server.path(`${fill}/bin`), { recursive: true })
      for (const [name, text] of [
        ['detect', 'echo Toolchain'],
        ['compile', fillGoCache],
      ] as const)
        await writeFile(server.path(`${fill}/bin/${name}`), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 })
      return choose(app, [fill, await clone('heroku-buildpack-go')])
    },
    async [Symbol.asyncDispose]() {
      await mirror[Symbol.asyncDispose]()
      await rm(work, { recursive: true, force: true })
    },
  }
}

/** What is needed of an archive of nodejs.org, from two packages of the npm registry. */
async function packNode(work: string, archive: string): Promise<void> {
  const node = path.join(work, 'node')
  await cp(path.join(root, `node_modules/node-linux-${process.arch}/bin`), path.join(node, 'bin'), { recursive: true })
  const [npm = ''] = execFileSync('npm', ['pack', '--silent', 'npm@11'], { cwd: work, encoding: 'utf8' })
    .trim()
    .split('\n')
  const script = `mkdir -p node/lib/node_modules/npm && tar xzf "$1" --strip-components 1 -C node/lib/node_modules/npm &&
    for name in npm npx; do ln -s ../lib/node_modules/npm/bin/$name-cli.js node/bin/$name; done && tar czf "$2" node`
  execFileSync('bash', ['-c', script, 'pack', npm, archive], { cwd: work })
}
