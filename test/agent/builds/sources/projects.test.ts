import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bootScript } from '../../../../agent/core/dynos/dyno-environment.ts'
import { Secret } from '../../../../agent/core/secret.ts'
import { runCommand } from '../../../../agent/exec/command.ts'
import { openWorkshop, type Workshop } from '../workshop.ts'

let workshop: Workshop
let source: string
beforeEach(async () => {
  workshop = await openWorkshop()
  source = path.join(workshop.directory, 'repository')
  await write({
    'README.md': 'several apps',
    'sites/one/index.html': 'one',
    'sites/one/notes.txt': 'left out',
    'sites/one/.slugignore': 'notes.txt\n',
    'sites/two/index.html': 'two',
    'services/api/package.json': '{"scripts":{"start":"node ."}}',
    'services/api/node_modules/x/package.json': '{}',
  })
})
afterEach(() => workshop.close())

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.join(source, path.dirname(name)), { recursive: true })
    await writeFile(path.join(source, name), text)
  }
}

/** A classic buildpack of these programs. */
async function writePack(programs: Record<string, string>): Promise<string> {
  const pack = path.join(workshop.directory, 'pack')
  await mkdir(path.join(pack, 'bin'), { recursive: true })
  for (const [name, text] of Object.entries(programs))
    await writeFile(path.join(pack, 'bin', name), text, { mode: 0o755 })
  return pack
}

const appId = '11111111-2222-4333-8444-555555555555'
async function build(vars: Record<string, string>, buildpacks: string[] = ['hearth/static']) {
  const url = await workshop.send(source, appId)
  const more = { app: { id: appId, name: 'sample' }, buildpacks, configVars: new Secret(vars) }
  return workshop.builder.build(workshop.request(url, more), new AbortController().signal)
}

describe('of a source that holds several apps', () => {
  it('the folder that PROJECT_PATH names is the app, with its own .slugignore, whatever else is there', async () => {
    await write({ Procfile: 'web: of the whole\n' })
    const built = await build({ PROJECT_PATH: './sites/one/' })
    expect(workshop.lastOutput).toContain(' !     The Procfile above sites/one does not count')
    const { appDirectory } = await workshop.slugs.open(built)
    expect(await readFile(path.join(appDirectory, 'index.html'), 'utf8')).toBe('one')
    const names = await readdir(appDirectory)
    for (const gone of ['README.md', 'sites', 'services', 'notes.txt']) expect(names).not.toContain(gone)
    expect(workshop.lastOutput).toContain('-----> The app is the folder sites/one (PROJECT_PATH)\n')
    expect(await readdir(path.join(workshop.directory, 'state/builds'))).toEqual([])
  })

  it('a warning that a Procfile above it does not count is not told as what ended a build', async () => {
    await write({ Procfile: 'web: of the whole\n' })
    const pack = await writePack({ detect: '#!/bin/sh\necho Silent\n', compile: '#!/bin/sh\nexit 7\n' })
    await expect(build({ PROJECT_PATH: 'sites/one' }, [pack])).rejects.toThrow(/buildpack .* failed with status 7/)
  })

  it('an app that needs what lies around it is built where it is, and its dynos begin there', async () => {
    await symlink('sites', path.join(source, '.profile.d'))
    await write({
      'services/api/package.json': '{"dependencies":{"words":"file:../../words"}}',
      'services/api/Procfile': 'web: cat "$WORDS" home.txt\n',
      'services/api/.slugignore': 'left-out\n',
      'services/api/left-out': '',
      'words/words.txt': 'shared\n',
    })
    const compile = `#!/bin/sh
      mkdir -p "$1/.profile.d" && echo 'export WORDS=$HOME/../../words/words.txt' >"$1/.profile.d/words.sh"
      [ "$HOME/../.." -ef "$HEARTH_TOP" ] && echo "built in \${1##*/}" >"$HOME/home.txt"\n`
    const pack = await writePack({ detect: '#!/bin/sh\ntest -f "$1/Procfile" && echo Words\n', compile })
    const built = await build({ PROJECT_PATH: 'services/api' }, [pack])
    expect(workshop.lastOutput).toContain('What lies around it stays: its package.json names ../../words\n')
    const { appDirectory } = await workshop.slugs.open(built)
    expect(await readdir(path.join(appDirectory, 'services/api'))).not.toContain('left-out')
    const dyno = ['-c', bootScript, 'dyno', appDirectory, built.processTypes.web ?? '']
    const { stdout } = await runCommand(['bash', ...dyno], { environment: { PATH: process.env.PATH ?? '' } })
    expect(stdout).toBe('shared\nbuilt in api\n')
  })

  it('a build that puts something else where its app was is refused', async () => {
    await write({ 'services/api/package.json': '{"dependencies":{"words":"file:../../words"}}' })
    const compile = '#!/bin/sh\nmv "$HEARTH_TOP/services" "$HEARTH_TOP/away" && ln -s /etc "$HEARTH_TOP/services"\n'
    const pack = await writePack({ detect: '#!/bin/sh\necho Mover\n', compile })
    await expect(build({ PROJECT_PATH: 'services/api' }, [pack])).rejects.toThrow(/took away services, the folder/)
  })

  it('an app of Heroku’s that has a buildpack for this needs no change', async () => {
    const mover = 'https://github.com/lstoll/heroku-buildpack-monorepo'
    expect(await build({ APP_BASE: 'sites/two' }, [mover, 'hearth/static'])).toMatchObject({
      buildpacks: ['hearth/static'],
      chosenBy: 'app',
    })
  })

  it('a folder that is not there, or leads elsewhere, is refused with the apps that are', async () => {
    const apps = 'services/api \\(Node.js\\), sites/one \\(Static site\\), sites/two \\(Static site\\)'
    await expect(build({ PROJECT_PATH: 'sites/three' })).rejects.toThrow(new RegExp(`no such folder.*${apps}`))
    await expect(build({ PROJECT_PATH: '../..' })).rejects.toThrow(/no such folder/)
    await symlink('sites', path.join(source, 'linked'))
    await expect(build({ PROJECT_PATH: 'linked/one' })).rejects.toThrow(/no such folder/)
  })

  it('those below are named when none is at its top', async () => {
    await expect(build({}, [])).rejects.toThrow(
      /apps below its top folder: services\/api \(Node\.js\), .* heroku config:set PROJECT_PATH=services\/api/,
    )
  })
})
