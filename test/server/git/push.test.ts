import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GitClient, Ran } from '../../agent/git/git-client.ts'
import {
  makeCommit,
  makeObject,
  makeTree,
  renderDelta,
  renderObject,
  renderPack,
  renderPush,
  repeatBase,
} from '../../agent/git/pack.ts'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, type HearthServer } from '../hearth-server.ts'
import { ask } from '../resilience/load.ts'
import { agentOf, readLog } from '../security/run-in-app.ts'
import { addressOf, openClient, openRaw, type RawRun, sendRaw } from './ssh-git.ts'

const megabyte = 1024 * 1024
const app = 'shop'

let hearth: HearthServer
let ann: GitClient
beforeAll(async () => {
  hearth = await bootHearthServer({ diskBytes: 3 * 1024 * megabyte })
  for (const name of [app, 'other']) await createApp(name)
  ann = openClient(hearth, 'ann')
  await ann.init(addressOf(hearth, app))
}, 400_000)
afterAll(() => hearth?.[Symbol.asyncDispose]())

const createApp = (name: string) => hearth.desktop.calls['apps.create']({ serverId: hearth.desktop.serverId, name })

/** An app that answers that text, and does something before it is built. */
const filesOf = (text: string, before = 'true', procfile = 'web: node server.js\n') => ({
  Procfile: procfile,
  'package.json': JSON.stringify({
    engines: { node: '24.x' },
    scripts: { 'heroku-prebuild': before, start: 'node .' },
  }),
  'server.js': `require('http').createServer((q, s) => s.end('${text}')).listen(process.env.PORT)`,
})

const answer = async () => (await ask({ host: hearth.server.host, port: 80, hostname: `${app}.localhost` })).body
const onServer = async (script: string) =>
  (await hearth.server.exec(['sh', '-c', script], { allowFailure: true })).stdout.trim()
const repository = async (name = app) => {
  const { id } = await agentOf(hearth.desktop).call('getApp', { app: name })
  return `/var/lib/hearth/repositories/${id}.git`
}
/** Of good objects, cut off before its end. */
const half = () => {
  const blob = makeObject('blob', 'half')
  const tree = makeTree([{ mode: '100644', name: 'a', id: blob.id }])
  const commit = makeCommit(tree.id)
  const pack = renderPack([commit, tree, blob].map(renderObject))
  return renderPush([{ after: commit.id, ref: 'refs/heads/half' }], pack).subarray(0, -30)
}

/** A push by hand of which half has arrived. */
async function startHalf(): Promise<RawRun> {
  const raw = openRaw(hearth, `git-receive-pack '${app}.git'`)
  await eventually(async () => raw.text().includes('0000'), 30_000, 'git says nothing')
  raw.child.stdin?.write(half())
  const where = await repository()
  await eventually(async () => (await onServer(`ls ${where}/objects`)).includes('incoming'), 30_000, 'nothing arrived')
  return raw
}

const hook = 'pgrep -u hearth-git -fx cat'
const whenDeciding = () => eventually(async () => (await onServer(hook)) !== '', 60_000, 'no hook waits')

const newest = async () => (await agentOf(hearth.desktop).call('listReleases', { app })).at(-1)
const units = () => onServer("systemctl list-units --no-legend --plain 'hearth-git-*.service'")

/** Nothing of a push lies around, and what is there is whole. */
async function expectClean(): Promise<void> {
  const where = await repository()
  await eventually(async () => (await units()) === '', 30_000, 'git still runs')
  const left = () =>
    onServer(`find ${where} -name '*incoming*' -o -name 'tmp_*' -o -name '*.lock' -o -name 'shallow_*'`)
  await eventually(async () => (await left()) === '', 30_000, 'something of a push is left')
  expect(await onServer(`git -c safe.directory='*' -C ${where} fsck --strict 2>&1`)).toBe('')
  expect(await onServer('ls /run/hearth/git/pushes')).toBe('')
}

describe('git push over SSH', () => {
  test('deploys, shows the build, and remembers the commit', async () => {
    const commit = await ann.commit('Say one\n\nbody', filesOf('one'))
    const { status, text } = await ann.push()
    expect(text).toMatch(/remote: -----> Building on the debian-12 stack/)
    expect(text).toMatch(/remote: -----> Node\.js app detected/)
    expect(text).toMatch(/remote: {8}Released v2 *\n[\s\S]*remote: Verifying deploy\.\.\. done\./)
    expect(status).toBe(0)
    expect(await answer()).toBe('one')
    expect(await newest()).toMatchObject({ version: 2, description: `Deploy ${commit.slice(0, 8)}` })
    expect(await readLog(hearth.desktop, app)).toContain(`Push to main (${commit.slice(0, 8)}) by user `)
    const bob = openClient(hearth, 'bob')
    await bob.git('clone', '--quiet', '--depth', '1', `ssh://hearth@${hearth.server.host}/${app}.git`, '.')
    expect(await bob.git('rev-parse', 'HEAD')).toBe(commit)
  })

  test('runs git with nothing but one repository in sight', async () => {
    await ann.commit('Hold', filesOf('held', 'sleep 600'))
    const push = ann.push()
    await whenDeciding()
    const root = `/proc/$(${hook} | head -1)/root`
    const seen = await onServer(
      `ls ${root} ${root}/var ${root}/etc ${root}/home ${root}/hearth 2>&1; ls ${root}/dev; cat ${root}/hearth/push/../../etc/shadow 2>&1`,
    )
    expect(seen).not.toMatch(/hearth\.service|state\.db|root:[*$!]|\blib\/hearth\b|sda|authorized_keys/)
    const status = await onServer(`cat /proc/$(${hook} | head -1)/status`)
    expect(status).toMatch(/CapEff:\s+0+\n[\s\S]*CapBnd:\s+0+\n[\s\S]*NoNewPrivs:\s+1\nSeccomp:\s+2/)
    const user = '-S $(id -u hearth-git) -G $(id -g hearth-git)'
    const inside = (command: string) =>
      onServer(`nsenter -t $(${hook} | head -1) -m -n -r -w ${user} sh -c '${command}' 2>&1`)
    const places = ['/usr/x', '/hearth/git/hooks/pre-receive', '/hearth/git/config', '/hearth/x', '/x']
    for (const place of places) expect(await inside(`echo x >${place}`)).toMatch(/Read-only|denied/)
    expect(await inside('echo ok >/repository/x && cat /repository/x && rm /repository/x')).toBe('ok')
    expect(await inside('cat /proc/net/dev')).not.toMatch(/eth|host|veth/)
    const builds = () => agentOf(hearth.desktop).call('listBuilds', { app })
    const isPending = async () => (await builds()).find(({ status }) => status === 'pending')
    const build = await eventually(isPending, 30_000, 'no build is pending')
    await agentOf(hearth.desktop).call('cancelBuild', { app, build: build.id })
    expect((await push).text).toMatch(/The build was cancelled[\s\S]*Push rejected to shop: v2 keeps serving/)
    await expectClean()
  })

  test('to one app twice at once: the second waits, and then sees what the first left', async () => {
    // At hand, so that it comes in time on a slow machine too.
    const bob = openClient(hearth, 'bob')
    await bob.commit('Meanwhile', { other: 'x' })
    await ann.commit('Slow', filesOf('slow', 'sleep 4'))
    const first = ann.push()
    await whenDeciding()
    const second = await bob.push('origin', 'main')
    expect(second.text).toMatch(/Waiting: a push of .* to shop is being built\./)
    expect(second.text).toMatch(/\[rejected\] +main -> main \((fetch first|non-fast-forward)\)/)
    expect((await first).status).toBe(0)
    expect(await answer()).toBe('slow')
  })

  test('to two apps at once builds both', async () => {
    await ann.commit('Both', filesOf('both'))
    const pushes: Ran[] = await Promise.all([ann.push(), ann.push(addressOf(hearth, 'other'), 'main')])
    expect(pushes.map(({ status }) => status)).toEqual([0, 0])
  })

  test('takes a thousand tags and no more at a time', async () => {
    execFileSync(
      'sh',
      ['-c', 'for n in $(seq 1000); do echo "create refs/tags/t$n HEAD"; done | git update-ref --stdin'],
      { cwd: ann.folder },
    )
    expect((await ann.push('--tags', 'hearth')).status).toBe(0)
    await ann.git('tag', 'extra')
    execFileSync(
      'sh',
      ['-c', 'for n in $(seq 1000); do echo "create refs/tags/u$n HEAD"; done | git update-ref --stdin'],
      { cwd: ann.folder },
    )
    const more = await ann.push('--tags', 'hearth')
    expect(more.text).toMatch(/1000 is the most/)
    expect(more.status).not.toBe(0)
  })

  test('is for who may deploy; who may view can fetch', async () => {
    const key = path.join(hearth.desktop.home, 'viewer')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'viewer@desk', '-f', key])
    const public_key = readFileSync(`${key}.pub`, 'utf8').trim()
    const given = { user: 'viewer@desk', role: 'view', public_key } as const
    await agentOf(hearth.desktop).call('createCollaborator', { app }, given)
    const viewer = openClient(hearth, 'viewer', key)
    await viewer.git('clone', '--quiet', addressOf(hearth, app), '.')
    await viewer.commit('Mine', { mine: 'x' })
    const { status, text } = await viewer.push('origin', 'main')
    expect(status).not.toBe(0)
    expect(text).toMatch(/^fatal: remote error: .*deploy.*shop/m)
    expect((await viewer.try('ls-remote', addressOf(hearth, 'other'))).text).toMatch(
      /remote error: Couldn't find that app: other\./,
    )
  })
})

describe('whoever holds a key', () => {
  test.each([
    "git-receive-pack '../shop.git'",
    "git-receive-pack '/var/lib/hearth/repositories'",
    "git-receive-pack 'shop.git'; id",
    "git-receive-pack 'shop.git' && id",
    'git-receive-pack "shop.git"',
    'git-receive-pack --help',
    "git-upload-pack --upload-pack=id 'shop.git'",
    "git upload-pack -- 'shop.git'",
    "git -c core.sshCommand=id receive-pack 'shop.git'",
    "git-upload-archive 'shop.git'",
    'git-shell',
    'git-shell -c "git-receive-pack \'shop.git\'"',
    "git-receive-pack '$(id)'",
    "git-receive-pack 'shop.git\nid'",
  ])('gets nothing by %j', async (command) => {
    const { status, text, errors } = await sendRaw(hearth, command)
    expect(status).not.toBe(0)
    expect(`${text}${errors}`).not.toMatch(/uid=|usage: git|refs\/heads/)
    expect(errors).toMatch(/\S+ \S+ .*\.\n$/)
  })

  test('is told why an app is not there, and that LFS is not', async () => {
    expect((await sendRaw(hearth, "git-receive-pack 'nobody.git'")).text).toMatch(
      /^00..ERR Couldn't find that app: nobody\.\n$/,
    )
    expect((await sendRaw(hearth, "git-lfs-authenticate 'shop.git' upload")).errors).toMatch(/Git LFS is not supported/)
  })

  test('that sends an object which unpacks to more than git may have is stopped, and the server stays well', async () => {
    await onServer('systemctl set-property --runtime hearth-git.slice MemoryMax=150M')
    const small = makeObject('blob', Buffer.alloc(0xffff, 'x'))
    const times = 7000
    const large = createHash('sha1').update(`blob ${0xffff * times}\0`)
    for (let index = 0; index < times; index += 1) large.update(small.content)
    const tree = makeTree([{ mode: '100644', name: 'bomb', id: large.digest('hex') }])
    const commit = makeCommit(tree.id)
    const pack = renderPack([
      ...[commit, tree, small].map(renderObject),
      renderDelta(small.id, repeatBase(0xffff, times)),
    ])
    const bomb = await sendRaw(
      hearth,
      `git-receive-pack '${app}.git'`,
      renderPush([{ after: commit.id, ref: 'refs/heads/bomb' }], pack),
    )
    expect(bomb.text).not.toContain('ok refs/heads/bomb')
    // The kernel chooses: the program that unpacks, or the one that started it and would have said so.
    if (bomb.status === 0) expect(bomb.errors).toContain('index-pack died of signal 9')
    await onServer('systemctl set-property --runtime hearth-git.slice MemoryMax=50%')
    await expectClean()
    expect(await answer()).toBe('both')
  })

  test('and goes away in the middle of a push leaves nothing', async () => {
    const { child, end } = await startHalf()
    child.kill('SIGKILL')
    await end
    await expectClean()
  })

  test('is stopped with a word when the disk runs full meanwhile, and what had come is gone', async () => {
    const { end } = await startHalf()
    const free = await onServer('stat -f -c "%a %S" /var/lib/hearth')
    const [blocks = 0, size = 0] = free.split(' ').map(Number)
    await onServer(`fallocate -l ${blocks * size - 300 * megabyte} /var/lib/hearth/filler`)
    try {
      const { status, errors } = await end
      expect([status, errors]).toEqual([1, expect.stringContaining("The server's disk is nearly full")])
      const refused = await ann.push('hearth', 'HEAD:refs/heads/late')
      expect(refused.text).toMatch(
        /remote error: The server's disk is too full: .* Remove old apps or files on the server/,
      )
    } finally {
      await onServer('rm /var/lib/hearth/filler')
    }
    await expectClean()
    expect((await ann.push('hearth', 'HEAD:refs/heads/late')).status).toBe(0)
  })
})

describe('an agent that is killed', () => {
  const kill = () => onServer('systemctl kill --signal=KILL hearth-agent')

  test('while a push arrives leaves a repository that is whole', async () => {
    const { end } = await startHalf()
    await kill()
    expect((await end).errors).toMatch(/The agent of this server ended the connection/)
    await hearth.desktop.whenAnswering()
    await expectClean()
  })

  test.each([
    ['is built', 'sleep 600', 'web: node server.js\n'],
    ['is released', 'true', 'web: node server.js\nrelease: sleep 600\n'],
  ])(
    'while a push %s declines it, keeps the old release, and lets it be pushed again',
    async (stage, before, procfile) => {
      const old = await answer()
      await ann.commit(`Killed while it ${stage}`, filesOf(`killed ${stage}`, before, procfile))
      const push = ann.push()
      const isThere =
        stage === 'is built'
          ? async () => (await onServer('pgrep -u hearth-build -x sleep')) !== ''
          : async () => (await newest())?.status === 'pending'
      await eventually(isThere, 60_000, `the push never ${stage}`)
      await kill()
      const { status, text } = await push
      expect(status).not.toBe(0)
      expect(text).toMatch(/ended the connection|stopped before the push was decided/)
      await hearth.desktop.whenAnswering()
      await expectClean()
      await eventually(async () => (await newest())?.status !== 'pending', 30_000, 'a release is pending')
      expect(await answer()).toBe(old)
      const commit = await ann.git('rev-parse', 'HEAD')
      expect(await ann.git('ls-remote', 'hearth', 'main')).not.toContain(commit)
      const text2 = `after ${stage.replace(' ', '-')}`
      await ann.commit('Mended', filesOf(text2))
      expect((await ann.push()).text).toMatch(/Verifying deploy\.\.\. done\./)
      expect(await answer()).toBe(text2)
    },
  )
})
