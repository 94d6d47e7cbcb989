// What the core story has no place for, with the newest client: the other commands, and what those say that are not here.
import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { makeCertified } from '../../agent/certificates/made.ts'
import { runHearth } from '../../e2e/run-hearth.ts'
import { eventually } from '../../servers/index.ts'
import { run } from '../../servers/run.ts'
import { makeRepository } from '../core-story.ts'
import { openStory } from '../story.ts'

const app = 'annex'
const story = openStory('11.10.0', import.meta.filename)
const { command } = story
const heroku = (...words: string[]) => story.heroku.run(words)
const print = (...words: string[]) => story.heroku.print(...words)

/** A program of the user's that the client starts with a file or an address. */
function writeProgram(name: string, script: string): string {
  const file = path.join(story.heroku.folder, '..', name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

async function makeKey(name: string, comment: string): Promise<string> {
  const file = path.join(story.heroku.folder, '..', name)
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file])
  return `${file}.pub`
}

beforeAll(async () => {
  await makeRepository(story.heroku)
  await print('apps:create', app, '--no-remote')
})

command(['git:remote', 'git:clone'], 'make the folder and the app one', async () => {
  expect(await print('git:remote', '--app', app)).toContain('set git remote heroku to https://127.0.0.1:')
  const { code, stderr } = await story.heroku.git('push', 'heroku', 'main')
  expect(code, stderr).toBe(0)
  await print('git:clone', '--app', app, 'again')
  expect((await story.heroku.git('-C', 'again', 'log', '--format=%s')).stdout).toBe('First\n')
})

command('auth:whoami', 'says whose key the desktop has', async () => {
  expect(await print('auth:whoami')).toMatch(/^\S+@\S+\n$/)
})

command(['apps:stacks', 'regions'], 'show what the server is', async () => {
  expect(await print('apps:stacks')).toContain('* debian-12')
  expect(await print('regions')).toContain(inject('world').server)
})

command(['ps:type', 'ps:wait'], 'change the size, and wait for it', async () => {
  expect(await print('ps:type', 'web=Standard-2X')).toMatch(/web +large +1/)
  expect((await heroku('ps:wait')).code).toBe(0)
  expect(await print('ps')).toMatch(/=== web \(large\)/)
  expect((await heroku('ps:type', 'web=performance-xl')).stderr).toContain('performance-xl')
})

command(['releases:output', 'releases:retry'], 'show the release command, and run it again', async () => {
  expect(await print('releases:output')).toContain('migrated for')
  const { code, stderr, stdout } = await heroku('releases:retry')
  expect(stdout).toContain('migrated for')
  expect(stderr).toMatch(/Retrying v\d+ on annex... done/)
  expect(code).toBe(0)
})

command('run', 'of a process type runs its command', async () => {
  expect(await print('run', '--', 'release')).toContain('migrated for')
})

command('config:edit', 'takes what an editor left', async () => {
  const editor = writeProgram('editor', 'echo EDITED=\\"by hand\\" > "$1"')
  const terminal = await story.heroku.startOnTerminal(['config:edit'], { columns: 100, rows: 30 }, { EDITOR: editor })
  await terminal.shows(/Update config on annex/)
  terminal.type('y\r')
  expect(await terminal.exit).toBe(0)
  expect(await print('config:get', 'EDITED')).toBe('by hand\n')
})

command('apps:open', "gives the browser the app's address on this computer", async () => {
  const browser = writeProgram('browser', `echo "$1" > ${story.heroku.folder}/../opened`)
  await story.heroku.run(['apps:open'], { environment: { BROWSER: browser } })
  const opened = async () => (await story.heroku.git('hash-object', '../opened')).code === 0
  await eventually(opened, 20_000, 'no browser was opened')
})

command('local', "runs a process type of the folder's own", async () => {
  expect(await print('local', 'release')).toContain('migrated for')
})

command(['domains:info', 'domains:wait', 'domains:remove', 'domains:clear'], 'follow what was added', async () => {
  await print('domains:add', 'a.annex.example')
  await print('domains:add', 'b.annex.example')
  expect(await print('domains:info', 'a.annex.example')).toMatch(/hostname: +a\.annex\.example/)
  expect((await heroku('domains:wait', 'a.annex.example')).stderr).toContain('Waiting for a.annex.example... done')
  expect((await heroku('domains:remove', 'a.annex.example')).stderr).toContain('done')
  expect(await print('domains')).not.toContain('a.annex.example')
  expect((await heroku('domains:clear')).stderr).toContain('done')
  expect(await print('domains')).not.toContain('b.annex.example')
})

/** The paths of a certificate and its key. */
async function makeCertificate(name: string, ...hostnames: string[]): Promise<[string, string]> {
  const { certificate, key } = await makeCertified(...hostnames)
  const paths = [
    path.join(story.heroku.folder, '..', `${name}.crt`),
    path.join(story.heroku.folder, '..', `${name}.key`),
  ]
  writeFileSync(paths[0] as string, certificate)
  writeFileSync(paths[1] as string, key, { mode: 0o600 })
  return paths as [string, string]
}

command(
  ['certs', 'certs:add', 'certs:info', 'certs:update', 'certs:remove', 'domains:update'],
  'show a certificate of one’s own for a domain, and another one in its place',
  async () => {
    const [www, shop] = ['www.annex.example', 'shop.annex.example']
    // Before the domains: of those that it names the client would ask which are meant.
    const added = await heroku('certs:add', ...(await makeCertificate('first', www)))
    expect(added.stderr).toContain(`Adding SSL certificate to ${app}... done`)
    expect(added.stdout).toMatch(/Common Name\(s\): +www\.annex\.example[\s\S]+verified by a root authority/)
    for (const hostname of [www, shop]) await print('domains:add', hostname)
    const name = /^ *(\S+) +www\.annex\.example/m.exec(await print('certs'))?.[1] ?? ''
    expect((await heroku('domains:update', www, '--cert', name)).code).toBe(0)
    expect(await print('certs:info', '--name', name, '--show-domains')).toMatch(/Domain\(s\): +www\.annex\.example/)
    const second = await makeCertificate('second', www, shop)
    const updated = await heroku('certs:update', ...second, '--confirm', app)
    expect(updated.stderr).toContain(`Updating SSL certificate ${name} for ${app}... done`)
    expect(await print('certs:info', '--endpoint', www)).toMatch(/www\.annex\.example\s+shop\.annex\.example/)
    const removed = await heroku('certs:remove', '--confirm', app)
    expect(removed.stderr).toContain(`Removing SSL certificate ${name} from ${app}... done`)
    expect(await print('certs')).toContain(`${app} has no SSL certificates.`)
    await print('domains:clear')
  },
)

command('certs:generate', 'makes a key and a certificate that can be added', async () => {
  const { code, stderr } = await heroku('certs:generate', 'own.annex.example', '--now', '--selfsigned')
  expect(stderr).toContain('$ heroku certs:add own.annex.example.crt own.annex.example.key')
  expect(code).toBe(0)
})

command(
  ['certs:auto', 'certs:auto:enable', 'certs:auto:refresh', 'certs:auto:disable'],
  'leave certificates to the server',
  async () => {
    expect(await print('certs:auto')).toContain(`Automatic Certificate Management is disabled on ${app}`)
    const enabled = await heroku('certs:auto:enable')
    expect(enabled.stderr).toContain('Enabling Automatic Certificate Management... starting.')
    expect(await print('certs:auto')).toMatch(/is enabled on annex[\s\S]+Add a custom domain/)
    expect((await heroku('certs:auto:refresh')).stderr).toContain('Refreshing Automatic Certificate Management... done')
    expect((await heroku('certs:auto:disable', '--confirm', app)).stderr).toContain('Management... done')
    expect(await print('certs:auto')).toContain('is disabled')
  },
)

command(['buildpacks:add', 'buildpacks:remove', 'buildpacks:clear', 'buildpacks:search'], 'keep a list', async () => {
  const url = 'https://github.com/example/buildpack'
  expect(await print('buildpacks:add', '--index', '1', url)).toContain(`1. ${url}`)
  expect(await print('buildpacks:remove', url)).toContain('Buildpack removed.')
  expect(await print('buildpacks:clear')).toContain('Buildpacks cleared.')
  expect(await print('buildpacks:search', 'node')).toContain('hearth/node')
})

command(
  [
    'features',
    'features:info',
    'features:enable',
    'features:disable',
    'labs',
    'labs:enable',
    'labs:info',
    'labs:disable',
  ],
  'show, turn on and turn off what there is',
  async () => {
    expect(await print('features')).toContain('[+] preboot')
    expect(await print('features:info', 'preboot')).toMatch(/Enabled: +true/)
    expect((await heroku('features:enable', 'preboot')).stderr).toContain('preboot is already enabled')
    expect(await print('labs')).toContain(`App Features ${app}`)
    expect(await print('labs')).toContain('[ ] http-disable-keepalive-to-dyno')
    expect((await heroku('labs:enable', 'http-disable-keepalive-to-dyno')).stderr).toContain('done')
    expect(await print('labs')).toContain('[+] http-disable-keepalive-to-dyno')
    expect((await heroku('labs:disable', 'http-disable-keepalive-to-dyno')).stderr).toContain('done')
    expect(await print('labs:info', 'http-disable-keepalive-to-dyno')).toMatch(/Enabled: +false/)
    expect((await heroku('features:disable', 'preboot')).stderr).toContain('done')
  },
)

command(['drains', 'drains:add', 'drains:remove'], 'send the log elsewhere', async () => {
  const url = 'syslog+tls://logs.annex.example:6514'
  await print('drains:add', url)
  expect(await print('drains')).toContain(url)
  await print('drains:remove', url)
  expect(await print('drains')).not.toContain(url)
})

command(
  ['webhooks', 'webhooks:add', 'webhooks:info', 'webhooks:update', 'webhooks:deliveries', 'webhooks:remove'],
  'tell others what becomes of the app',
  async () => {
    const url = 'https://hooks.annex.example/'
    expect(await print('webhooks:add', '-i', 'api:formation', '-l', 'sync', '-u', url)).toMatch(/[0-9a-f]{64}/)
    const id = /([0-9a-f-]{36}) +https:\/\/hooks/.exec(await print('webhooks'))?.[1] ?? ''
    expect(await print('webhooks:info', id)).toMatch(/Include: +api:formation/)
    await print('ps:scale', 'queue=1')
    const isTried = async () => /api:formation +sync +[1-9]/.test(await print('webhooks:deliveries'))
    await eventually(isTried, 60_000, 'nothing was sent')
    await print('webhooks:update', id, '-i', 'api:release', '-l', 'notify', '-u', url)
    await print('webhooks:remove', id)
    expect(await print('webhooks')).toContain(`${app} has no webhooks`)
  },
)

command(['access', 'access:add', 'access:remove'], 'let somebody in whom the server knows', async () => {
  expect((await heroku('access:add', 'bob@annex.example')).stderr).toMatch(/hearth access add[\s\S]+bob@annex\.example/)
  const { home, server } = inject('world')
  const added = await runHearth(
    home,
    ...['access', 'add', 'bob@annex.example', '--server', server, '--app', app, '--role', 'view'],
    ...['--key', await makeKey('bob', 'bob@laptop')],
  )
  expect(added.code, added.stderr).toBe(0)
  await print('access:add', 'bob@annex.example')
  expect(await print('access')).toMatch(/bob@annex\.example +collaborator/)
  await print('access:remove', 'bob@annex.example')
  expect(await print('access')).not.toContain('bob@annex.example')
})

command(['keys', 'keys:add', 'keys:remove'], "keep one's own keys", async () => {
  const key = await makeKey('second', 'second@laptop')
  await print('keys:add', key)
  expect(await print('keys', '--long')).toContain('second@laptop')
  await print('keys:remove', 'second@laptop')
  expect(await print('keys', '--long')).not.toContain('second@laptop')
})

command(['addons', 'addons:services', 'certs', 'pipelines', 'teams', 'orgs'], 'say that there are none', async () => {
  expect(await print('addons')).toContain(`No add-ons for app ${app}.`)
  expect(await print('certs')).toContain(`${app} has no SSL certificates.`)
  for (const list of ['addons:services', 'pipelines', 'teams', 'orgs']) expect((await heroku(list)).code).toBe(0)
})

command('spaces', 'says that there are none', async () => {
  expect((await heroku('spaces')).stderr).toContain('You do not have access to any spaces.')
})

command('auth:token', 'shows the token of this computer', async () => {
  expect((await print('auth:token')).trim()).toMatch(/^[\w-]{43}$/)
})

describe('what is not here', () => {
  test.each([
    ['pg', 'has no heroku-postgresql databases'],
    ['pg:psql', 'has no databases'],
    ['pg:backups', 'heroku config:set DATABASE_URL=postgres'],
    ['redis:cli', 'No Redis instances found'],
    ['addons:create heroku-postgresql', 'heroku config:set DATABASE_URL=postgres'],
    ['ps:exec', 'heroku run:inside web.1 bash'],
    ['ps:autoscale:disable', 'Hearth does not scale by itself.'],
    ['apps:transfer bob@annex.example', 'hearth access role EMAIL manage'],
    ['pipelines:create production --stage production', 'git push production main'],
    ['authorizations:create', 'hearth shell --server NAME'],
    ['sessions', 'No OAuth sessions'],
    ['notifications', "is a service of Heroku's own"],
  ])('heroku %s says what to do', async (words, sentence) => {
    const { stdout, stderr } = await heroku(...words.split(' '))
    // The client breaks long lines and marks each of them.
    expect(`${stdout}${stderr}`.replace(/\s*\n\s*›?\s*/g, ' ')).toContain(sentence)
  })
})

command('keys:clear', 'leaves the key by which one gets in', async () => {
  await print('keys:add', await makeKey('third', 'third@laptop'))
  const { code, stderr } = await heroku('keys:clear')
  expect(stderr).toMatch(/It is the (key that you have come with|only key by which)/)
  expect(code).not.toBe(0)
  expect((await print('keys')).match(/ssh-ed25519/g)).toHaveLength(1)
})

command('apps:leave', 'gives up what one has on the app', async () => {
  expect((await heroku('apps:leave')).stderr).toContain(`Leaving ${app}... done`)
})
