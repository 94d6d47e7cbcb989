import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import { GitClient, type Ran } from '../../git/git-client.ts'
import { SshStandIn } from '../../git/ssh-stand-in.ts'
import { ann, Bench } from '../workbench.ts'

// git starts a dozen processes for a push, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })
const soon = { timeout: 20_000 }

let bench: Bench
let ssh: SshStandIn
let notices: string[]
let ada: GitClient
beforeEach(async () => {
  bench = await Bench.open()
  notices = []
  ssh = await SshStandIn.open(bench.folder, ({ service, app, protocol, signal }) => {
    const notify = (text: string) => void notices.push(text)
    return bench.platform.serveGit({ actor: ann, service, app, protocol, signal, notify, mode: 'session' })
  })
  await bench.createApp()
  ada = await openClient('ada')
})
afterEach(async () => {
  await ssh.close()
  await bench.close()
})

async function openClient(name: string): Promise<GitClient> {
  const folder = join(bench.folder, name)
  mkdirSync(folder)
  const client = new GitClient(folder, { GIT_SSH_COMMAND: ssh.command })
  await client.init('hearth@nas:shop.git')
  await client.commit(`First of ${name}`, { [name]: name })
  return client
}

/** Builds wait until the function returned is called. */
function holdBuilds(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  bench.builder.working = promise
  return resolve
}

const building = (number = 1) => expect.poll(() => bench.builder.requests.length, soon).toBe(number)

/** A push to the end, with the time that its dynos take to come up. */
async function finish(push: Promise<Ran>): Promise<Ran> {
  let isDone = false
  void push.then(() => (isDone = true))
  while (!isDone) {
    await bench.clock.advance(1000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return push
}

describe('a push', () => {
  test('is a build of its commit by whoever pushes, and a release', async () => {
    const { status, text } = await finish(ada.push())
    expect(text).toMatch(/Building source:[\s\S]*Fake app detected[\s\S]*Launching[\s\S]*Released v2/)
    expect(status).toBe(0)
    const commit = await ada.git('rev-parse', 'HEAD')
    expect(bench.builder.requests).toMatchObject([{ sourceUrl: `git:${commit}`, sourceVersion: commit }])
    expect(await bench.releases()).toContain(`v2 succeeded: Deploy ${commit.slice(0, 8)} (current)`)
    expect(bench.logs.lines).toContain(`api: Push to main (${commit.slice(0, 8)}) by user ann@laptop`)
  })

  test('waits for one that is being built, and then is told of the branch as that left it', async () => {
    const release = holdBuilds()
    const first = ada.push()
    await building()
    const bob = await openClient('bob')
    const second = bob.push()
    await expect.poll(() => notices, soon).toEqual(['Waiting: a push of ann@laptop to shop is being built.'])
    release()
    expect((await finish(first)).status).toBe(0)
    expect((await second).text).toMatch(/\[rejected\] +main -> main \(fetch first\)/)
    expect(await bench.releases()).toHaveLength(2)
  })

  test('that waited goes on when the one before it failed', async () => {
    const release = holdBuilds()
    const first = ada.push()
    await building()
    const bob = await openClient('bob')
    const second = bob.push()
    await expect.poll(() => notices, soon).toHaveLength(1)
    const [build] = bench.store.builds.pending()
    await bench.call('cancelBuild', { parameters: { app: 'shop', build: build?.id ?? '' }, body: undefined })
    expect((await first).text).toMatch(/The build was cancelled by ann@laptop/)
    release()
    expect((await finish(second)).text).toMatch(/Released v2/)
  })

  test('that arrives while another one is built is refused at once', async () => {
    // Both were told of the branch before either had arrived.
    const [pack, more] = [await startRaw(), await startRaw()]
    const release = holdBuilds()
    pack.send()
    await building()
    more.send()
    expect(await more.text).toMatch(
      /Another push to shop, by ann@laptop, is being built\. Push again when it is done\./,
    )
    release()
    await finish(pack.text.then((text) => ({ status: 0, text })))
    expect(await pack.text).toMatch(/Released v2/)
  })

  test('to another app is built in its turn', async () => {
    await bench.createApp('other')
    const release = holdBuilds()
    const first = ada.push()
    await building()
    const second = ada.push('hearth@nas:other.git', 'main')
    await expect.poll(() => bench.store.builds.pending(), soon).toHaveLength(2)
    release()
    const [one, two] = await Promise.all([finish(first), finish(second)])
    expect(one.text).toMatch(/Released v2/)
    expect(two.text).toMatch(/Waiting: 1 build is before this one[\s\S]*Released v2/)
  })

  test('goes on when its client is gone, and the branch moves with the release', async () => {
    const release = holdBuilds()
    const push = await startRaw()
    push.send()
    await building()
    push.leave()
    release()
    await finish(push.text.then((text) => ({ status: 0, text })))
    expect(await bench.releases()).toHaveLength(2)
    expect(await ada.git('ls-remote', 'hearth', 'main')).toContain(await ada.git('rev-parse', 'HEAD'))
  })

  test('is declined when the agent stops, and can be made again', async () => {
    holdBuilds()
    const push = ada.push()
    await building()
    await bench.restart()
    expect((await push).text).toMatch(/The agent of this server is stopping\. Push again in a moment\./)
    bench.builder.working = Promise.resolve()
    expect((await finish(ada.push())).text).toMatch(/Released v2/)
    expect(await bench.releases()).toHaveLength(2)
  })

  test('ends with its app', async () => {
    holdBuilds()
    const push = ada.push()
    await building()
    await bench.call('destroyApp', { parameters: { app: 'shop' }, body: undefined })
    expect((await push).status).not.toBe(0)
    expect(bench.problems).toEqual([])
  })

  test('is refused with the reason when its commit can not be built', async () => {
    bench.builder.failure = new HearthError('build_failed', 'It has no wheels.')
    const { status, text } = await ada.push()
    expect(status).not.toBe(0)
    expect(text).toMatch(/! {5}It has no wheels\.[\s\S]*! {5}Push rejected to shop: nothing of it runs\./)
    expect(await ada.git('ls-remote', 'hearth')).toBe('')
  })
})

describe('a fetch', () => {
  test('says that an app was deployed without git, until it is pushed to', async () => {
    await bench.deploy({ web: 'listen' })
    expect((await ada.try('ls-remote', 'hearth')).status).toBe(0)
    expect(notices).toEqual(['shop has no git history here: it was deployed without git. Its first push begins one.'])
    await finish(ada.push())
    await ada.git('ls-remote', 'hearth')
    expect(notices).toHaveLength(1)
  })
})

/** A conversation up to the point where the branches are told, whose push is sent by hand. */
async function startRaw() {
  const session = await bench.platform.serveGit({
    ...{ actor: ann, app: 'shop', service: 'git-receive-pack', mode: 'session', protocol: null },
    ...{ signal: new AbortController().signal, notify: () => {} },
  })
  let text = ''
  const told = Promise.withResolvers<void>()
  session.output.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    if (text.includes('0000')) told.resolve()
  })
  await told.promise
  const options = { cwd: ada.folder }
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], options).toString().trim()
  const packed = execFileSync('git', ['pack-objects', '--stdout', '--revs', '-q'], { ...options, input: `${commit}\n` })
  const command = `${'0'.repeat(40)} ${commit} refs/heads/main\0 report-status side-band-64k`
  return {
    send() {
      session.input.write(`${(command.length + 4).toString(16).padStart(4, '0')}${command}0000`)
      session.input.write(packed)
    },
    leave: () => session.abandon(),
    text: session.end.then(() => text),
  }
}
