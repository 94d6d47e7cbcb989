// The life of an app as its owner lives it with the stock client, each step on the ones before. Told with every version.
import { cpSync } from 'node:fs'
import { expect, inject, test } from 'vitest'
import { fixture } from '../server/hearth-server.ts'
import { eventually, findServer } from '../servers/index.ts'
import type { Heroku } from './heroku.ts'
import type { Story } from './story.ts'
import { visit } from './visit.ts'

/** The folder of a user who has just begun: code that git keeps. */
export async function makeRepository(heroku: Heroku): Promise<void> {
  cpSync(fixture('node-web-and-queue'), heroku.folder, { recursive: true })
  const author = ['-c', 'user.name=ann', '-c', 'user.email=ann@laptop.example']
  await heroku.git('init', '--quiet', '--initial-branch=main')
  await heroku.git('add', '--all')
  expect(await heroku.git(...author, 'commit', '--quiet', '-m', 'First')).toMatchObject({ code: 0 })
}

/** For a client on a computer that has no ssh, as `hearth env` says there. */
const rendezvous = { HEROKU_HEADERS: '{"hearth-attach":"rendezvous"}' }

/** What says that it has begun is what Ctrl-C is for: a shell that is between two commands may miss it. */
const untilStopped = `sh -c 'echo be""gun; exec sleep 1000'\n`

export function tellCoreStory(story: Story, app: string): void {
  const { command } = story
  const run = (...words: string[]) => story.heroku.run(words)
  const print = (...words: string[]) => story.heroku.print(...words)
  const git = (...words: string[]) => story.heroku.git(...words)
  const secret = 'k3y-of-the-vault'

  command('apps:create', 'makes an app and its git remote', async () => {
    await makeRepository(story.heroku)
    const remote = `https://127.0.0.1:${inject('world').port}/${app}.git`
    expect(await print('create', app)).toMatch(new RegExp(`^http://${app}\\.localhost:\\d+/ \\| ${remote}\n$`))
    expect((await git('remote', 'get-url', 'heroku')).stdout).toBe(`${remote}\n`)
  })

  test('git push heroku main builds, shows it, and releases', async () => {
    const { code, stderr } = await git('push', 'heroku', 'main')
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('remote: -----> Node.js app detected')
    expect(stderr).toMatch(/remote: +Released v2/)
  })

  command('ps', 'lists dynos by type', async () => {
    await eventually(async () => /^web\.1: up /m.test(await print('ps')), 30_000, 'web.1 is not up')
    expect(await print('ps')).toMatch(/^=== web \(standard\): node server\.js \(1\)\n\nweb\.1: up /m)
  })

  command('ps:scale', 'takes several types at once', async () => {
    const { code, stderr } = await run('ps:scale', 'web=3', 'queue=2')
    expect(stderr).toContain('done, now running web at 3:standard, queue at 2:standard')
    expect(code).toBe(0)
    expect(await print('ps:scale')).toMatch(/queue=2:standard .*web=3:standard/)
    const listed = await print('ps')
    expect([...listed.matchAll(/^(\w+\.\d): /gm)].map(([, dyno]) => dyno).sort()).toEqual([
      'queue.1',
      'queue.2',
      'web.1',
      'web.2',
      'web.3',
    ])
  })

  command(
    ['config:set', 'config', 'config:get', 'config:unset'],
    'change the environment and make releases',
    async () => {
      const { code, stdout, stderr } = await run('config:set', `ENCRYPTION_KEY=${secret}`, 'GREETING=good morning')
      expect(stderr).toContain(`Setting ENCRYPTION_KEY, GREETING and restarting ${app}... done, v3`)
      expect(stdout).toContain(`ENCRYPTION_KEY: ${secret}`)
      expect(code).toBe(0)
      expect(await print('config')).toMatch(new RegExp(`ENCRYPTION_KEY: +${secret}\nGREETING: +good morning`))
      expect(await print('config:get', 'GREETING')).toBe('good morning\n')
      expect((await run('config:unset', 'GREETING')).stderr).toContain('done, v4')
      expect(JSON.parse(await print('config', '--json'))).toEqual({ ENCRYPTION_KEY: secret })
    },
  )

  test('a config var is in no list of processes and in no log', async () => {
    const server = await findServer(inject('world').server)
    const shown = async (...words: string[]) => (await server.exec(words)).stdout
    expect(await shown('ps', '-eww', '-o', 'args')).not.toContain(secret)
    expect(await shown('journalctl', '--no-pager', '--output=export')).not.toContain(secret)
    expect(await print('logs', '-n', '1500')).not.toContain(secret)
    const running = await shown('sh', '-c', 'cat /proc/[0-9]*/environ 2>/dev/null; true')
    expect(running, 'this test can not see what it looks for').toContain(secret)
  })

  command(['releases', 'releases:info'], 'show what was released, by whom', async () => {
    const listed = await print('releases')
    expect(listed).toMatch(/^ *v4 +Remove GREETING config vars .*@.* 20\d\d\//m)
    expect(listed).toMatch(/^ *v2 +Deploy [0-9a-f]{8} /m)
    expect(await print('releases:info', 'v3')).toContain('Set ENCRYPTION_KEY, GREETING config vars')
    expect(JSON.parse(await print('releases', '--json', '-n', '2'))).toMatchObject([{ version: 4 }, { version: 3 }])
  })

  command('releases:rollback', 'makes a release of an earlier one', async () => {
    const { code, stdout, stderr } = await run('releases:rollback', 'v3')
    expect(stderr).toContain(`Rolling back ${app} to v3... done, v5`)
    expect(stdout).toContain('migrated for good morning')
    expect(code).toBe(0)
    expect(await print('config:get', 'GREETING')).toBe('good morning\n')
    const isCurrent = async () => /Current: v5/.test(await print('releases'))
    await eventually(isCurrent, 30_000, 'v5 is not current')
  })

  command('run', 'passes output and exit codes on', async () => {
    const { code, stdout, stderr } = await run('run', '-x', '--', 'echo $GREETING; echo oops >&2; exit 7')
    expect(stdout).toContain('good morning')
    expect(stdout + stderr).toContain('oops')
    expect(code).toBe(7)
  })

  command('run', 'reads its input to the end, by both ways to a terminal', async () => {
    const words = ['run', '-x', '--no-tty', '--', 'tr a-z A-Z; exit 3']
    const input = 'first line\nlast line\n'
    expect(await story.heroku.run(words, { input })).toMatchObject({ code: 3, stdout: input.toUpperCase() })
    expect(await story.heroku.run(words, { input, environment: rendezvous })).toMatchObject({
      code: 3,
      stdout: input.toUpperCase(),
    })
  })

  command('run', 'bash is a terminal that follows the window', async () => {
    const terminal = await story.heroku.startOnTerminal(['run', '-x', 'bash'], { columns: 101, rows: 33 })
    await terminal.shows(/\$ $/)
    terminal.type('stty size\n')
    await terminal.shows(/33 101/)
    terminal.resize({ columns: 120, rows: 40 })
    terminal.type('until stty size | grep "40 120"; do sleep 0.2; done\n')
    await terminal.shows(/^40 120/m)
    terminal.type(untilStopped)
    await terminal.shows(/^begun/m)
    terminal.type('\u0003')
    await terminal.shows(/\^C/)
    terminal.type('echo still" "here; exit 3\n')
    await terminal.shows(/still here/)
    expect(await terminal.exit).toBe(3)
  })

  command('run', 'bash is a terminal without any ssh too', async () => {
    const terminal = await story.heroku.startOnTerminal(['run', '-x', 'bash'], { columns: 101, rows: 33 }, rendezvous)
    await terminal.shows(/\$ $/)
    terminal.type('stty size\n')
    await terminal.shows(/33 101/)
    terminal.type(untilStopped)
    await terminal.shows(/^begun/m)
    terminal.type('\u0003')
    await terminal.shows(/\^C/)
    terminal.type('exit 3\n')
    expect(await terminal.exit).toBe(3)
  })

  command('run:detached', 'leaves its output in the log', async () => {
    const { code, stderr } = await run('run:detached', 'echo from afar')
    expect(code, stderr).toBe(0)
    const dyno = /run\.\d+/.exec(stderr)?.[0]
    const isLogged = async () => (await print('logs', '-n', '200')).includes(`app[${dyno}]: from afar`)
    await eventually(isLogged, 20_000, `the log has nothing of ${dyno}`)
  })

  command('run:inside', 'starts a command beside a dyno that runs', async () => {
    const { code, stdout } = await run('run:inside', 'web.1', '-x', '--', 'cat /proc/1/cmdline; echo; ls; exit 5')
    expect(stdout).toContain('queue.js')
    expect(code).toBe(5)
  })

  command('logs', 'ends after the lines that there are', async () => {
    const lines = (await print('logs', '-n', '3', '--source', 'app')).trim().split('\n')
    expect(lines).toHaveLength(3)
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00 app\[[\w.]+\]: /)
  })

  command('logs', 'of one dyno goes on with --tail', async () => {
    await print('ps:scale', 'web=1')
    const { web_url } = JSON.parse(await print('apps:info', '--json')).app
    const tail = story.heroku.start(['logs', '--ps', 'web.1', '--tail'])
    const isSeen = async () => {
      await visit(`${web_url}seen-${app}`)
      return tail.printed.stdout.includes(`app[web.1]: asked for /seen-${app}`)
    }
    await eventually(isSeen, 30_000, 'the tail does not show the request')
    expect(tail.printed.stdout).not.toContain('queue.1')
    tail.interrupt()
    await tail.ended
  })

  command('apps:info', 'shows the app', async () => {
    const info = await print('apps:info')
    expect(info).toMatch(new RegExp(`^=== ${app}\n`))
    expect(info).toMatch(new RegExp(`Region: +${inject('world').server}\n`))
    expect(info).toMatch(/Dynos: +(queue: 2, web: 1|web: 1, queue: 2)\n/)
    expect(info).toMatch(new RegExp(`Web URL: +http://${app}\\.localhost:\\d+/\n`))
  })

  command(['maintenance:on', 'maintenance:off', 'maintenance'], 'close the app and open it again', async () => {
    const { web_url } = JSON.parse(await print('apps:info', '--json')).app
    expect((await run('maintenance:on')).stderr).toContain(`Enabling maintenance mode for ${app}... done`)
    expect(await print('maintenance')).toBe('on\n')
    expect((await visit(web_url)).status).toBe(503)
    expect((await run('maintenance:off')).stderr).toContain('done')
    expect((await visit(web_url)).status).toBe(200)
  })

  command(['domains:add', 'domains'], 'give the app a name of its own', async () => {
    const domain = `www.${app}.example`
    expect((await run('domains:add', domain)).stderr).toContain(`Adding ${domain} to ${app}... done`)
    expect(await print('domains')).toContain(domain)
  })

  command(['buildpacks:set', 'buildpacks'], 'choose what builds the app', async () => {
    const url = 'https://github.com/example/buildpack'
    expect(await print('buildpacks:set', url)).toContain('Buildpack set.')
    expect(await print('buildpacks')).toContain(url)
    expect(await print('buildpacks:set', 'heroku/nodejs')).toContain('Buildpack set.')
    expect(await print('buildpacks')).toContain('hearth/node')
  })

  command('ps:restart', 'restarts one dyno, a type, or all', async () => {
    const when = async (dyno: string) =>
      (JSON.parse(await print('ps', '--json')) as { name: string; created_at: string }[]).find(
        ({ name }) => name === dyno,
      )?.created_at
    const before = await when('queue.1')
    for (const words of [['--dyno-name', 'queue.1'], ['web'], []])
      expect((await run('ps:restart', ...words)).stderr).toContain('done')
    const isAnother = async () => ![before, undefined].includes(await when('queue.1'))
    await eventually(isAnother, 30_000, 'queue.1 was not started anew')
  })

  command('ps:stop', 'stops one dyno, or a type', async () => {
    for (const words of [['queue.1'], ['--process-type', 'queue']])
      expect((await run('ps:stop', ...words)).stderr).toContain('done')
  })

  command('apps:rename', 'changes the name and the git remote', async () => {
    const { code, stderr } = await run('apps:rename', `${app}-now`)
    expect(stderr).toContain(`Renaming ${app} to ${app}-now... done`)
    expect(code).toBe(0)
    expect((await git('remote', 'get-url', 'heroku')).stdout).toMatch(new RegExp(`/${app}-now\\.git\n$`))
  })

  command(['apps', 'apps:destroy'], 'list the app, and only until its end', async () => {
    expect(await print('apps')).toContain(`${app}-now (${inject('world').server})`)
    expect((await run('apps:destroy', '--confirm', 'another')).code).not.toBe(0)
    expect((await run('apps:destroy', '--confirm', `${app}-now`)).stderr).toContain('done')
    expect(await print('apps')).not.toContain(app)
  })

  test('a command asks nothing again and again', async () => {
    // Each of five tries of one request waits longer than the one before: the client would hang for seven seconds.
    expect((await run('auth:whoami')).connections).toBeLessThan(8)
  })

  test('nothing is left in the home of the user', async () => {
    expect(await story.heroku.listHome()).toEqual([])
  })
}
