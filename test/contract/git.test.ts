import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Agent } from '../../electron/core/ports/agent.ts'
import { GitClient, run } from '../agent/git/git-client.ts'
import { type GitOverHttp, openGitOverHttp } from '../agent/git/git-over-http.ts'
import { until } from '../tooling/until.ts'
import { visitHost } from './answers.ts'
import { openRealAgent, type RealAgent } from './real-agent.ts'

// The stock git against a whole agent, over HTTP's two halves as the desktop's gateway sends them.
vi.setConfig({ testTimeout: 60_000 })

const app = 'shop'
const server = (greeting: string) =>
  `require('node:http').createServer((request, response) => response.end('${greeting}')).listen(process.env.PORT)`
const files = { Procfile: 'web: node server.js\n', 'server.js': server('hello') }

let folder: string
let real: RealAgent
let agent: Agent
let gateway: GitOverHttp
let ann: GitClient

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hearth-push-'))
  real = await openRealAgent()
  agent = real.agent
  gateway = await openGitOverHttp(real.socketPath, 'good')
  await agent.call('createApp', {}, { name: app })
  ann = await open('ann')
  await ann.init(`${gateway.url}/${app}.git`)
}, 30_000)
afterAll(async () => {
  await gateway.close()
  await real.close()
  rmSync(folder, { recursive: true, force: true })
}, 30_000)

async function open(name: string): Promise<GitClient> {
  mkdirSync(path.join(folder, name))
  return new GitClient(path.join(folder, name))
}

const visit = async () => (await visitHost(real.routerPort, `${app}.localhost`)).body

const newest = async () => (await agent.call('listReleases', { app })).at(-1)

describe('git', () => {
  test('clones an app that has no repository yet, and is told of apps that are not there', async () => {
    const bob = await open('empty')
    expect(await bob.try('clone', `${gateway.url}/${app}.git`, '.')).toMatchObject({
      status: 0,
      text: expect.stringContaining('empty repository'),
    })
    expect((await bob.try('ls-remote', `${gateway.url}/nobody.git`)).status).not.toBe(0)
  })

  test('deploys what is pushed to main, and shows how', async () => {
    const commit = await ann.commit('Say hello\n\nbody', files)
    const { status, text: shown } = await ann.push()
    expect(shown).toMatch(/remote: Building source:/)
    expect(shown).toMatch(/remote: -----> Building on the local stack/)
    expect(shown).toMatch(/remote: -----> Plain app detected/)
    expect(shown).toMatch(/remote: {8}Released v2/)
    expect(shown).toMatch(/remote: Verifying deploy\.\.\. done\./)
    expect(status).toBe(0)
    expect(await visit()).toBe('hello')
    expect(await newest()).toMatchObject({ version: 2, description: `Deploy ${commit.slice(0, 8)}`, current: true })
    const [build] = await agent.call('listBuilds', { app })
    expect(build).toMatchObject({
      status: 'succeeded',
      source_blob: { url: `git:${commit}`, version: commit, version_description: 'Say hello' },
      user: { email: 'ann@laptop' },
    })
    const slug = await agent.call('getSlug', { app, slug: build?.slug?.id ?? '' })
    expect(slug).toMatchObject({ commit, commit_description: 'Say hello' })
  })

  test('has nothing to do when nothing changed, and fetches what was pushed', async () => {
    expect(await ann.push()).toMatchObject({ status: 0, text: expect.stringContaining('up-to-date') })
    const bob = await open('bob')
    await bob.git('clone', '--quiet', `${gateway.url}/${app}.git`, '.')
    expect(readFileSync(path.join(bob.folder, 'server.js'), 'utf8')).toBe(server('hello'))
    expect(gateway.requests).toContain('rpc git-upload-pack plain')
  })

  test('understands a long negotiation, which comes gzipped', async () => {
    const stranger = await open('stranger')
    await stranger.git('init', '--quiet', '.')
    await run('sh', ['-c', 'for n in $(seq 60); do git commit --quiet --allow-empty -m $n; done'], stranger.folder)
    await stranger.git('fetch', '--quiet', `${gateway.url}/${app}.git`, 'main')
    expect(await stranger.git('log', '-1', '--format=%s', 'FETCH_HEAD')).toBe('Say hello')
    expect(gateway.requests).toContain('rpc git-upload-pack gzip')
  })

  test('is refused when the build fails, and the old release keeps serving', async () => {
    await ann.commit('Break it', { Procfile: 'web: exit 7\n' })
    const { status, text: shown } = await ann.push()
    expect(status).not.toBe(0)
    expect(shown).toMatch(/remote: {2}! {5}Release v3 failed: web\.1 .*exited with status 7/)
    expect(shown).toMatch(/remote: {2}! {5}Push rejected to shop: v2 keeps serving\./)
    expect(shown).toMatch(/\[remote rejected\] main -> main \(pre-receive hook declined\)/)
    expect(await visit()).toBe('hello')
    const bob = await open('after-failure')
    await bob.git('clone', '--quiet', `${gateway.url}/${app}.git`, '.')
    expect(await bob.git('log', '-1', '--format=%s')).toBe('Say hello')
  })

  test('shows the release command, and is refused when that fails', async () => {
    await ann.commit('Migrate', { Procfile: 'web: node server.js\nrelease: echo migrating; exit 3\n' })
    const { status, text: shown } = await ann.push()
    expect(status).not.toBe(0)
    expect(shown).toMatch(/remote: migrating/)
    expect(shown).toMatch(/remote: {2}! {5}Release v4 failed: The release command exited with status 3/)
    await ann.commit('Migrate well', { ...files, Procfile: 'web: node server.js\nrelease: echo done\n' })
    expect((await ann.push()).status).toBe(0)
    expect(await newest()).toMatchObject({ version: 5, status: 'succeeded' })
  })

  test('keeps other branches and tags without building them, and refuses to delete the one that runs', async () => {
    const kept = await ann.push('hearth', 'HEAD:refs/heads/feature', 'HEAD:refs/tags/v1')
    expect(kept.status).toBe(0)
    expect(kept.text).toMatch(/remote: -----> Pushed to feature, skipping build/)
    expect(await newest()).toMatchObject({ version: 5 })
    const deletion = await ann.push('hearth', ':main')
    expect(deletion.status).not.toBe(0)
    expect(deletion.text).toMatch(/remote: {2}! {5}main can't be deleted: the app is built from it\./)
    expect((await ann.push('hearth', ':feature')).status).toBe(0)
  })

  test('builds the branch that the app is set to', async () => {
    expect(await agent.call('getRepository', { app })).toMatchObject({ deploy_branches: ['main', 'master'] })
    await expect(agent.call('updateRepository', { app }, { deploy_branch: '--help' })).rejects.toMatchObject({
      status: 422,
    })
    await agent.call('updateRepository', { app }, { deploy_branch: 'live' })
    await ann.commit('Say bye', { 'server.js': server('bye') })
    expect((await ann.push()).text).toMatch(/Pushed to main, skipping build: this app is built from live/)
    expect(await visit()).toBe('hello')
    expect((await ann.push('hearth', 'main:live')).text).toMatch(/Released v6/)
    expect(await visit()).toBe('bye')
    const repository = await agent.call('updateRepository', { app }, { deploy_branch: null })
    expect(repository).toMatchObject({ deploy_branch: null, pushed_at: expect.any(String) })
    await until(async () => {
      expect((await agent.call('getRepository', { app })).size).toBeGreaterThan(1000)
      expect((await agent.call('getApp', { app })).repo_size).toBeGreaterThan(1000)
    })
  })

  test('forces a history that was rewritten', async () => {
    await ann.git('commit', '--quiet', '--amend', '-m', 'Say it differently')
    expect((await ann.push()).status).not.toBe(0)
    expect(await ann.push('--force', 'hearth', 'main')).toMatchObject({
      status: 0,
      text: expect.stringContaining('Released v7'),
    })
  })

  test('builds a pushed commit again when the API names it, and no other', async () => {
    const commit = await ann.git('rev-parse', 'HEAD')
    const build = async (url: string) => {
      const { id, output_stream_url } = await agent.call('createBuild', { app }, { source_blob: { url, version: 'x' } })
      for await (const _ of agent.readStream(output_stream_url));
      return agent.call('getBuild', { app, build: id })
    }
    expect(await build(`git:${commit}`)).toMatchObject({ status: 'succeeded' })
    expect(await build(`git:${'1'.repeat(40)}`)).toMatchObject({ status: 'failed' })
    expect(await build('git:--output=/tmp/x')).toMatchObject({ status: 'failed' })
  })

  test('is gone with the app', async () => {
    await agent.call('destroyApp', { app })
    expect((await ann.push()).status).not.toBe(0)
    expect(readdirSync(path.join(real.folder, 'git/repositories'))).toEqual([])
  })
})
