import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../tooling/repository.ts'
import { startProgram } from './launch.ts'
import { runHearth, runNode } from './run-hearth.ts'

// The command line as a script uses it, against the server of this computer in a folder of its own. The first commands start
// that server and stop it again, since no desktop runs; the others find one that does, and are done in a third of the time.
const app = 'node-hello'
const fixture = 'test/fixtures/apps/node-hello'
let home: string
const made = new AsyncDisposableStack()

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'hearth-cli-'))
  const built = await run([path.join(root, 'esbuild.config.ts'), '--if-stale', '--core'])
  expect(built.code, built.stderr).toBe(0)
})
afterAll(async () => {
  await made.disposeAsync()
  await rm(home, { recursive: true, force: true })
})

const run = (parameters: readonly string[], input?: string) => runNode(home, parameters, input)
const hearth = (...parameters: string[]) => runHearth(home, ...parameters)

/** With --json: one document on standard output and nothing beside it. */
async function json(...parameters: string[]) {
  const { code, stdout, stderr } = await hearth(...parameters, '--json')
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout.trim().split('\n')).toHaveLength(1)
  return JSON.parse(stdout)
}

test('an app is created, deployed from a folder and listed with its URL', async () => {
  expect(await json('create', app)).toMatchObject({ name: app })
  const deployed = await hearth('deploy', fixture, '--app', app)
  expect(deployed.stderr).toContain("Hearth's desktop is not running")
  expect(deployed.stdout).toContain('-----> Node.js app detected')
  expect(deployed.stdout).toMatch(/\nReleased v2 of node-hello in .*\nhttp:\/\/node-hello\.localhost:\d+\n$/)
  const [found] = await json('apps')
  expect(found).toMatchObject({ app: { name: app }, release: { version: 2 }, dynos: { wanted: 1 } })
})

test('a deploy with --json is one document', async () => {
  const deploy = await json('deploy', fixture, '--app', app)
  expect(deploy).toMatchObject({ state: 'succeeded', release: { version: 3 }, files: { total: 0, sent: 0 } })
})

test('config vars make a release, rollback makes another, and the history shows both', async () => {
  const set = await json('config', 'set', 'GREETING=hello there', 'EMPTY=', '--app', app)
  expect(set).toMatchObject({ configVars: { GREETING: 'hello there', EMPTY: '' }, release: { version: 4 } })
  expect((await hearth('config', 'get', 'GREETING')).stdout).toBe('hello there\n')
  expect(await json('rollback', 'v2')).toMatchObject({ version: 5, description: 'Rollback to v2' })
  const releases = (await json('releases')) as { version: number; current: boolean }[]
  expect(releases.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1])
  expect(releases[0]?.current).toBe(true)
})

test('a gateway that is left running has the server for whoever comes', async () => {
  const gateway = startProgram(['dist/electron/cli.js', 'gateway', '--json'], home, made)
  const [served] = JSON.parse(await gateway.waitFor(/^\[.*\]$/m))
  expect(served).toMatchObject({ name: 'This computer', isServedHere: true })
  // It starts the server for the first who asks through it.
  const { HEROKU_API_KEY } = await json('env')
  const asked = await fetch(new URL('/apps', served.url), { headers: { authorization: `Bearer ${HEROKU_API_KEY}` } })
  expect(asked.status).toBe(200)
  const agent = () => readFile(path.join(home, 'this-computer/agent-process.json'), 'utf8')
  const before = await agent()
  expect(await json('apps')).toMatchObject([{ app: { name: app } }])
  expect(await agent()).toBe(before)
})

test('run ends with the exit code of its command, and passes input and output through unchanged', async () => {
  expect((await hearth('run', 'exit 7')).code).toBe(7)
  const cli = path.join(root, 'dist/electron/cli.js')
  const piped = await run([cli, 'run', '--', 'sh', '-c', 'tr a-z A-Z; exit 3'], 'two\nlines')
  expect(piped).toMatchObject({ code: 3, stdout: 'TWO\nLINES' })
  const kept = await hearth('run', '--json', 'echo $DYNO; echo oops >&2; exit 4')
  expect(kept.code).toBe(4)
  const output = expect.stringMatching(/^run\.\d+\n$/)
  expect(JSON.parse(kept.stdout)).toMatchObject({ exitCode: 4, output, errors: 'oops\n' })
})

test('run --inside runs a command inside a dyno, and keeps its errors apart', async () => {
  const inside = await hearth('run', '--inside', 'web.1', 'echo $DYNO; ls server.js; echo oops >&2; exit 5')
  expect(inside).toMatchObject({ code: 5, stdout: 'web.1\nserver.js\n', stderr: 'oops\n' })
  const refused = await hearth('run', '--inside', 'web.9', 'true')
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining("Couldn't find that dyno") })
})

test('a shell speaks to the server, and the client alone has no way out but the gateway', async () => {
  const ask = 'curl -s -H "Authorization: Bearer $HEROKU_API_KEY" $HEROKU_HOST/apps/node-hello; echo " $https_proxy"'
  const asked = await hearth('shell', '--', 'sh', '-c', ask)
  expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining('"name":"node-hello"') })
  expect(asked.stdout).not.toMatch(/http:\/\/127\.0\.0\.1:\d+\n$/)
  const client = path.join(home, 'heroku')
  await writeFile(client, '#!/bin/sh\necho "$https_proxy $no_proxy $*"; exit 4\n', { mode: 0o755 })
  const { HEROKU_HOST, https_proxy } = await json('env', '--strict')
  expect(https_proxy).toBe(HEROKU_HOST)
  const stdout = `${HEROKU_HOST} 127.0.0.1,localhost,::1 ps --app x\n`
  expect(await hearth('shell', '--', client, 'ps', '--app', 'x')).toMatchObject({ code: 4, stdout })
})

test('logs come as lines, and with --json as one object a line', async () => {
  const { stdout } = await hearth('logs', '-n', '500')
  expect(stdout).toMatch(/ app\[web\.1\]: listening\n/)
  const lines = (await hearth('logs', '-n', '500', '--json', '--source', 'heroku')).stdout.trim().split('\n')
  const parsed = lines.map((line) => JSON.parse(line))
  expect(parsed.every(({ source, at }) => source === 'heroku' && at !== null)).toBe(true)
})

test('the formation is scaled and shown', async () => {
  expect(await json('scale', 'web=2:small')).toMatchObject([{ type: 'web', quantity: 2, size: 'small' }])
  expect((await hearth('scale')).stdout).toMatch(/web +2 +small +node server\.js/)
  const refused = await hearth('scale', 'web=1:enormous', '--json')
  expect(refused.code).toBe(1)
  expect(JSON.parse(refused.stderr)).toMatchObject({
    id: 'invalid_params',
    message: expect.stringContaining('enormous'),
  })
})

test('the ledger has every release and finds nothing wrong', async () => {
  const verdict = await json('ledger', 'verify')
  expect(verdict).toMatchObject({ sound: true, releases: 5, unverified: 0, findings: [], servers: ['This computer'] })
  const found = (await json('ledger', '--search', 'rollback')) as { version: number }[]
  expect(found.map(({ version }) => version)).toEqual([5])
})

test('the ledger leaves as a file with the notes on its releases, and without config vars', async () => {
  await json('ledger', 'note', 'v5', 'back, since v4 lost the greeting', '--app', app)
  expect((await hearth('ledger', 'note', 'v9', 'x', '--app', app)).stderr).toContain(`The ledger has no v9 of ${app}`)
  const document = JSON.parse((await hearth('ledger', 'export')).stdout)
  expect(document.releases).toHaveLength(5)
  expect(document.releases[0]).toMatchObject({
    version: 5,
    verified: true,
    notes: [{ text: expect.stringMatching(/^back/) }],
  })
  const table = (await hearth('ledger', 'export', '--format', 'csv', '--search', 'lost the greeting')).stdout
  expect(table.split('\r\n')).toHaveLength(3)
  expect(table).toContain('"back, since v4 lost the greeting"')
})

test('a release that failed says why, and so does each release that there is no way back to', async () => {
  const source = path.join(home, 'broken')
  await cp(path.join(root, fixture), source, { recursive: true })
  await writeFile(path.join(source, 'Procfile'), 'web: node server.js\nrelease: echo no such column >&2; exit 3\n')
  const deployed = await hearth('deploy', source, '--app', app)
  expect(deployed.code).toBe(1)
  const { stdout } = await hearth('releases')
  expect(stdout).toMatch(/v6 +failed .* failed: .*status 3/)
  expect(stdout).toMatch(/v1 .* no way back: it has no code to run/)
  expect((await json('releases'))[0]).toMatchObject({
    version: 6,
    reason: expect.any(String),
    rollback_obstacle: 'it failed',
  })
  expect((await hearth('rollback', 'v6')).stderr).toContain("can't be rolled back to v6: it failed")
})

test('the branch whose pushes are built is chosen, shown and given back', async () => {
  expect((await hearth('git', 'branch')).stdout).toBe(`${app} is built from main or master; other branches are kept.\n`)
  expect(await json('git', 'branch', 'live')).toMatchObject({ deploy_branch: 'live' })
  expect((await hearth('git', 'branch', '--reset')).stdout).toContain('main or master')
  expect((await hearth('git', 'branch', '--', '-x')).code).toBe(1)
})

test('the server is shown with its system, and mistakes say what to do', async () => {
  expect(await json('servers')).toMatchObject([{ id: 'this-computer', connection: { state: 'online' } }])
  expect(await json('status')).toMatchObject({ server: { runner: 'process' }, status: { builds: { queued: 0 } } })
  const missing = await hearth('logs', '--app', 'shop')
  expect(missing).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining("Couldn't find that app: shop"),
  })
  const typo = await hearth('deplyo', '--json')
  expect(JSON.parse(typo.stderr)).toMatchObject({ id: 'bad_request', message: expect.stringContaining('deploy') })
})

test('an app is destroyed only by its name', async () => {
  const refused = await hearth('destroy', app, '--json')
  expect(JSON.parse(refused.stderr).id).toBe('confirmation_required')
  expect(await json('destroy', app, '--confirm', app)).toMatchObject({ name: app })
  expect(await json('apps')).toEqual([])
})
