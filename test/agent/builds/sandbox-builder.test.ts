import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dropTornCaches, markCache } from '../../../agent/builds/cache-mark.ts'
import { measureFreeBytes } from '../../../agent/builds/disk-reserve.ts'
import type { SandboxLimits } from '../../../agent/core/ports/builds/sandbox.ts'
import { Secret } from '../../../agent/core/secret.ts'
import { runCommand } from '../../../agent/exec/command.ts'
import { fixture, openWorkshop, type Workshop } from './workshop.ts'

let workshop: Workshop
beforeEach(async () => {
  workshop = await openWorkshop()
})
afterEach(() => workshop.close())

/** Some kernels and containers forbid them; builds are then plain processes, and the screen says so. */
const hasNamespaces = await runCommand([
  'unshare',
  '--user',
  '--map-root-user',
  '--mount',
  '--pid',
  '--fork',
  'true',
]).then(
  () => true,
  () => false,
)
const never = new AbortController().signal
const appId = '11111111-2222-4333-8444-555555555555'

/** A classic buildpack: shell scripts, nothing of ours. */
async function writeBuildpack(name: string, scripts: Record<string, string>): Promise<string> {
  const folder = path.join(workshop.directory, name)
  await mkdir(path.join(folder, 'bin'), { recursive: true })
  for (const [script, text] of Object.entries({ detect: 'echo Shell', compile: 'true', ...scripts })) {
    await writeFile(path.join(folder, 'bin', script), `#!/usr/bin/env bash\n${text}\n`)
    await chmod(path.join(folder, 'bin', script), 0o755)
  }
  return folder
}

async function build(
  buildpacks: string[],
  options: { app?: string; signal?: AbortSignal; vars?: Record<string, string> } = {},
) {
  const url = await workshop.send(fixture(options.app ?? 'procfile-missing-web'), appId)
  const request = workshop.request(url, {
    app: { id: appId, name: 'sample' },
    buildpacks,
    configVars: new Secret(options.vars ?? {}),
  })
  return workshop.builder.build(request, options.signal ?? never)
}

async function readBuilt(
  built: { checksum: string; layers: []; stack: string } | Awaited<ReturnType<typeof build>>,
  name: string,
) {
  const { appDirectory } = await workshop.slugs.open(built)
  return readFile(path.join(appDirectory, name), 'utf8')
}

describe('a build', () => {
  it('gives a classic buildpack all that it expects', async () => {
    const pack = await writeBuildpack('pack', {
      compile: `
        cat "$3/GREETING" >"$1/greeting"; stat -c %a "$3/GREETING" >"$1/mode"
        count=$(cat "$2/count" 2>/dev/null || echo 0); echo $((count + 1)) | tee "$2/count" >"$1/count"
        env >"$1/environment"; pwd >"$1/pwd"; echo "-----> Compiling"; echo "a warning" >&2
        mkdir -p "$1/.profile.d" && echo 'export X=1' >"$1/.profile.d/x.sh"`,
      release: 'printf -- "---\\naddons: []\\ndefault_process_types:\\n  web: ./serve\\n  worker: ./other\\n"',
    })
    const vars = { GREETING: 'hello\nthere', 'odd/name': 'x', GIT_DIR: '/nowhere' }
    const first = await build([pack], { vars })
    expect(first).toMatchObject({ description: 'Shell', stack: 'local', layers: [] })
    expect(first.processTypes).toEqual({ web: './serve', worker: 'node worker.js' })
    expect(await readBuilt(first, 'greeting')).toBe('hello\nthere')
    expect(await readBuilt(first, 'mode')).toBe('600\n')
    expect(await readBuilt(first, 'environment')).toMatch(/^STACK=local$/m)
    expect(await readBuilt(first, 'environment')).toMatch(/^SOURCE_VERSION=abc123$/m)
    expect(await readBuilt(first, 'environment')).not.toMatch(/GREETING|GIT_DIR|npm_config/)
    expect(await readBuilt(first, 'pwd')).toMatch(/packs\/0\n$/)
    expect(workshop.lastOutput).toContain('-----> Shell app detected\n')
    expect(workshop.lastOutput).toContain('-----> Compiling\na warning\n')
    const second = await build([pack], { vars })
    expect(await readBuilt(second, 'count')).toBe('2\n')
    await workshop.builder.destroyCache(appId)
    expect(await readBuilt(await build([pack], { vars }), 'count')).toBe('1\n')
    expect(await readdir(path.join(workshop.directory, 'state/builds'))).toEqual([])
  })

  it('of a source with a Dockerfile says how to choose images, and what this computer can’t', async () => {
    const app = path.join(workshop.directory, 'with-dockerfile')
    await mkdir(app)
    await writeFile(path.join(app, 'Dockerfile'), 'FROM scratch\n')
    const build = async (stack: string) => {
      const url = await workshop.send(app, appId)
      return workshop.builder.build(workshop.request(url, { app: { id: appId, name: 'sample' }, stack }), never)
    }
    await expect(build('local')).rejects.toThrow('there is a Dockerfile. To build an image by it, set the app')
    await expect(build('container')).rejects.toThrow('Images are run by servers')
  })

  it('says that this computer installs none of the packages that an Aptfile names', async () => {
    const app = path.join(workshop.directory, 'with-packages')
    await mkdir(app)
    await writeFile(path.join(app, 'Aptfile'), 'ffmpeg\n')
    const pack = await writeBuildpack('pack', {})
    const url = await workshop.send(app, appId)
    const request = { app: { id: appId, name: 'sample' }, buildpacks: [pack], configVars: new Secret({}) }
    expect(await workshop.builder.build(workshop.request(url, request), never)).toMatchObject({ layers: [] })
    expect(workshop.lastOutput).toContain('Packages of the Aptfile: ffmpeg')
    expect(workshop.lastOutput).toContain('Hearth installs no packages')
  })

  it('runs several buildpacks in order, with what each exports for the next', async () => {
    const first = await writeBuildpack('first', {
      detect: 'echo First',
      compile: `echo 'export TOOL=hammer PATH="/tools:$PATH"' >export; echo "\${TOOL:-none}" >"$1/seen-by-first"`,
      release: 'echo "default_process_types: {web: x}"',
    })
    const second = await writeBuildpack('second', {
      detect: 'echo Second',
      compile: 'echo "$TOOL $PATH" | cut -d: -f1 >"$1/seen-by-second"; echo "web: from-procfile" >"$1/Procfile"',
    })
    const built = await build([first, second], { app: 'node-hello' })
    expect(built.description).toBe('First, Second')
    expect(await readBuilt(built, 'seen-by-first')).toBe('none\n')
    expect(await readBuilt(built, 'seen-by-second')).toBe('hammer /tools\n')
    expect(built.processTypes).toEqual({ web: 'from-procfile' })
  })

  it('shows each buildpack the app as those before it left it, also to find out whether it fits', async () => {
    const first = await writeBuildpack('first', {
      compile: `echo 'export TOOL=hammer' >export; echo made >"$1/made"; echo "First has compiled"`,
    })
    const second = await writeBuildpack('second', {
      detect: 'echo "Second with $TOOL and $(cat "$1/made")"',
      compile: 'echo "export TOOL=$TOOL,saw" >export',
    })
    const picky = await writeBuildpack('picky', { detect: 'echo "$TOOL" >&2; exit 1' })
    await expect(build([first, second, picky])).rejects.toThrow(/picky does not fit this app/)
    expect(workshop.lastOutput).toMatch(
      /First has compiled\n[\s\S]*Second with hammer and made app detected\n[\s\S]*hammer,saw\n/,
    )
  })

  it('is the same slug when nothing changed, another when something did', async () => {
    const pack = await writeBuildpack('pack', { compile: 'cp "$3/WHAT" "$1/what"' })
    const one = await build([pack], { vars: { WHAT: '1' } })
    expect((await build([pack], { vars: { WHAT: '1' } })).checksum).toBe(one.checksum)
    expect((await build([pack], { vars: { WHAT: '2' } })).checksum).not.toBe(one.checksum)
  })

  it('forgets what it kept where the machine went down in the middle of it, and not where the agent did', async () => {
    const state = path.join(workshop.directory, 'state')
    await mkdir(path.join(state, 'caches/whole'), { recursive: true })
    await mkdir(path.join(state, 'caches/torn'))
    await markCache(path.join(state, 'caches/whole'), 'build')
    await writeFile(path.join(state, 'caches/torn/.building-build'), 'another boot')
    await dropTornCaches(path.join(state, 'caches'))
    expect(await readdir(path.join(state, 'caches'), { recursive: true })).toEqual(['whole'])
  })

  it('fails with what the buildpack said', async () => {
    const pack = await writeBuildpack('pack', {
      compile: 'echo " !     The flux is missing."; echo " !     Add some."; exit 3',
    })
    await expect(build([pack])).rejects.toMatchObject({ id: 'build_failed', message: 'The flux is missing.' })
    const silent = await writeBuildpack('silent', { compile: 'exit 3' })
    await expect(build([silent])).rejects.toThrow(/silent failed with status 3/)
    expect(await readdir(path.join(workshop.directory, 'state/builds'))).toEqual([])
  })

  it('takes the buildpacks that its source asks for, .buildpacks before app.json, unless the app has its own', async () => {
    const [one, two] = [
      await writeBuildpack('one', { compile: 'echo one >>"$1/trace"' }),
      await writeBuildpack('two', { compile: 'echo two >>"$1/trace"' }),
    ]
    const app = path.join(workshop.directory, 'asking')
    await mkdir(app)
    await writeFile(path.join(app, 'app.json'), JSON.stringify({ buildpacks: [{ url: two }] }))
    const run = async (buildpacks: string[]) =>
      workshop.builder.build(
        workshop.request(await workshop.send(app, appId), { buildpacks, app: { id: appId, name: 'a' } }),
        never,
      )
    expect(await run([])).toMatchObject({ buildpacks: [two], chosenBy: 'source' })
    expect(workshop.lastOutput).toContain(`-----> Buildpacks by app.json: ${two}\n`)
    await writeFile(path.join(app, '.buildpacks'), `# in this order\r\n${one} # first\r\n\r\n${two}\r\n`)
    const both = await run([])
    expect(both).toMatchObject({ buildpacks: [one, two], chosenBy: 'source', description: 'Shell, Shell' })
    expect(await readBuilt(both, 'trace')).toBe('one\ntwo\n')
    expect(await run([one])).toMatchObject({ buildpacks: [one], chosenBy: 'app' })
    expect(workshop.lastOutput).toContain('.buildpacks asks for')
  })

  it('is of the language that is recognised where its source asks for no buildpacks', async () => {
    const app = path.join(workshop.directory, 'asking-for-none')
    await mkdir(app)
    await writeFile(path.join(app, 'index.html'), '<h1>hello</h1>')
    await writeFile(path.join(app, 'app.json'), '{ "buildpacks": "no list" }')
    await writeFile(path.join(app, '.buildpacks'), '\n# none\n')
    const url = await workshop.send(app, appId)
    const detected = await workshop.builder.build(workshop.request(url, { app: { id: appId, name: 'a' } }), never)
    expect(detected).toMatchObject({ buildpacks: ['hearth/static'], chosenBy: 'detection' })
    expect(detected.reports[0]?.facts).toMatchObject({ recognised_by: 'index.html' })
    expect(workshop.lastOutput).toContain('app detected\n       By its index.html\n')
    // A site's server needs a Node.js, which is downloaded.
  }, 120_000)

  it('says what its app.json asks for and the app does not have', async () => {
    const app = path.join(workshop.directory, 'asking')
    await mkdir(app)
    const manifest = { env: { TOKEN: { required: true }, HELD: {} }, addons: ['heroku-redis'] }
    await writeFile(path.join(app, 'app.json'), JSON.stringify(manifest))
    const request = { app: { id: appId, name: 'a' }, buildpacks: [await writeBuildpack('pack', {})] }
    const url = await workshop.send(app, appId)
    await workshop.builder.build(workshop.request(url, { ...request, configVars: new Secret({ HELD: '1' }) }), never)
    expect(workshop.lastOutput).toMatch(
      /all that its app.json asks for\n +Config vars: TOKEN\n.*\n +Add-ons: heroku-redis\n/,
    )
  })

  it('keeps what buildpacks report of it, each of its own, before what they export counts', async () => {
    const first = await writeBuildpack('first', {
      compile: `echo 'export TOOL=hammer' >export; echo 1.2 >"$2/tool"`,
      report: `echo "tool: \${TOOL:-none}"; echo "version: $(cat "$2/tool") $(cat "$3/WHAT") $(ls "$1" | wc -l)"`,
    })
    const broken = await writeBuildpack('broken', { report: 'echo "half: said"; exit 1' })
    const silent = await writeBuildpack('silent', {})
    const { reports } = await build([first, broken, silent], { vars: { WHAT: 'x' } })
    expect(reports).toEqual([
      { buildpack: first, facts: { tool: 'none', version: expect.stringMatching(/^1\.2 x \d+$/) } },
    ])
  })

  it('tells what a buildpack reports of its own failure', async () => {
    const pack = await writeBuildpack('pack', {
      compile: 'echo " !     The flux is missing."; exit 3',
      report: 'echo "failure: no-flux"',
    })
    await expect(build([pack])).rejects.toThrow('The flux is missing.')
    expect(workshop.lastOutput).toContain(`-----> ${pack} reports\n       failure: no-flux\n`)
  })

  it('fails when a chosen buildpack does not fit, or none does', async () => {
    const pack = await writeBuildpack('pack', { detect: 'echo "no flux here" >&2; exit 1' })
    await expect(build([pack])).rejects.toThrow(/does not fit this app/)
    expect(workshop.lastOutput).toContain('no flux here')
    await expect(build(['hearth/none'])).rejects.toThrow(/no buildpack 'hearth\/none'/)
    await expect(build(['; rm -rf /'])).rejects.toThrow(/is not a buildpack/)
  })

  it('ends at once when it is cancelled', async () => {
    const pack = await writeBuildpack('pack', { compile: 'echo started; sleep 600' })
    const cancel = new AbortController()
    const building = build([pack], { signal: cancel.signal })
    const poll = setInterval(() => {
      if (workshop.lastOutput.includes('started')) cancel.abort()
    }, 10)
    await expect(building).rejects.toMatchObject({ id: 'gone' })
    clearInterval(poll)
    expect(await readdir(path.join(workshop.directory, 'state/builds'))).toEqual([])
  })

  it.runIf(hasNamespaces)('does not show a build the state of the server, other processes or homes', async () => {
    const pack = await writeBuildpack('pack', {
      compile: `ls -A "${path.join(workshop.directory, 'state')}" >"$1/state" 2>&1
        ls -d /proc/[0-9]* | wc -l >"$1/processes"; ls -A /root /home >"$1/homes"; touch /usr/hearth-was-here; true`,
    })
    expect(workshop.sandboxDescription).toBe('user namespaces')
    const built = await build([pack])
    expect(await readBuilt(built, 'state')).not.toMatch(/sources|slugs/)
    expect(Number(await readBuilt(built, 'processes'))).toBeLessThan(20)
    expect(await readdir('/usr')).not.toContain('hearth-was-here')
  })
})

describe('a hostile build', () => {
  const rebuild = async (limits: Partial<SandboxLimits>, compile: string) => {
    await workshop.close()
    workshop = await openWorkshop({ limits })
    return build([await writeBuildpack('pack', { compile })])
  }

  it('that eats memory is stopped with a clear message', async () => {
    const hog = `"$HEARTH_NODE" -e 'const kept = []; setInterval(() => kept.push(Buffer.alloc(20e6, 1)), 20)'`
    await expect(rebuild({ memoryBytes: 150 * 1024 * 1024 }, hog)).rejects.toThrow(/used more than 150 MB of memory/)
  })

  it('that makes too many processes is stopped with a clear message', async () => {
    const bomb = 'for i in {1..200}; do sleep 600 & done; wait'
    await expect(rebuild({ maximumTasks: 100 }, bomb)).rejects.toThrow(/more than 100 processes and threads at once/)
  })

  it('of several buildpacks has the time of one build for all of them', async () => {
    await workshop.close()
    workshop = await openWorkshop({ limits: { timeoutMs: 3000 } })
    const slow = (name: string, seconds: number) => writeBuildpack(name, { compile: `sleep ${seconds}` })
    await expect(build([await slow('first', 2), await slow('second', 2.2)])).rejects.toThrow(/longer than 3 seconds/)
  })

  it('that fills the disk is stopped, and what it kept for the next one is gone too', async () => {
    const diskReserveBytes = (await measureFreeBytes(workshop.directory)) - 100 * 1024 * 1024
    const filler = 'head -c 50M /dev/zero >"$2/kept"; head -c 500M /dev/zero >"$1/big"; sleep 600'
    await expect(rebuild({ diskReserveBytes }, filler)).rejects.toMatchObject({
      id: 'disk_full',
      message: expect.stringMatching(/nearly full: make it write less/),
    })
    expect(await readdir(path.join(workshop.directory, 'state/caches'))).toEqual([])
  })

  it('prints colours, and nothing that a terminal obeys otherwise, in its message not even them', async () => {
    const rude = `printf '\\033[32mgreen\\033[0m \\033[2J\\033]52;c;eA==\\a\\n'; printf '\\033[31m !     \\033]0;x\\aLost\\033[0m\\n'; exit 1`
    await expect(rebuild({}, rude)).rejects.toThrow(/^\]0;xLost$/)
    expect(workshop.lastOutput).toContain('\u001b[32mgreen\u001b[0m ]52;c;eA==\n')
  })
})
