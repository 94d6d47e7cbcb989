import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BuildpackRemote, openBuildpackRemote, scriptsOf } from '../../agent/builds/buildpack-remote.ts'
import { bootHearthServer, fixture, type HearthServer } from '../hearth-server.ts'

let hearth: HearthServer
let remote: BuildpackRemote
beforeAll(async () => {
  hearth = await bootHearthServer()
  const { server, desktop } = hearth
  // The first address of the servers' network is this machine's.
  remote = await openBuildpackRemote(server.host.replace(/\d+$/, '1'))
  await remote.commit('main')
  await remote.commit('other', 'other')
  const { host } = new URL(remote.url)
  const change = `echo 'HEARTH_BUILD_ALLOW="${host}"' >>/etc/hearth/environment; systemctl restart hearth-agent`
  await server.exec(['sh', '-c', change])
  await desktop.whenAnswering()
}, 400_000)
afterAll(async () => {
  await remote?.[Symbol.asyncDispose]()
  await hearth?.[Symbol.asyncDispose]()
})

let apps = 0
async function deployWith(buildpack: string) {
  const { desktop } = hearth
  const app = `pack-${++apps}`
  await desktop.calls['apps.create']({ serverId: desktop.serverId, name: app })
  await desktop.calls['buildpacks.update']({ ...desktop.of(app), buildpacks: [buildpack] })
  return { app, ...(await desktop.tryDeploy(app, fixture('procfile-missing-web'))) }
}

/** What the release of an app shows of its build. */
async function reportsOf(app: string) {
  const { desktop } = hearth
  const [release] = await desktop.calls['releases.list'](desktop.of(app))
  return desktop.calls['releases.buildReports']({ ...desktop.of(app), slug: release?.release?.slug?.id ?? '' })
}

describe('a buildpack of another place, on a server', () => {
  test('comes from git, at a branch, and what it reports is shown with the release', async () => {
    const deploy = await deployWith(`${remote.url}/pack.git#other`)
    expect(deploy.state, deploy.output).toBe('succeeded')
    expect(deploy.output).toContain('-----> Remote app detected')
    expect(await reportsOf(deploy.app)).toEqual([
      {
        buildpack: { url: `${remote.url}/pack.git#other` },
        facts: { commit: expect.stringMatching(/^[0-9a-f]{40}$/), compiled_by: 'other' },
      },
    ])
    const { desktop } = hearth
    await desktop.calls['configVars.update']({ ...desktop.of(deploy.app), update: { A: '1' } })
    expect(await reportsOf(deploy.app)).toMatchObject([{ facts: { compiled_by: 'other' } }])
  })

  test('comes as a tarball from the local network', async () => {
    remote.offer(
      '/pack.tgz',
      Object.entries(scriptsOf('tarball')).map(([name, content]) => ({ name: `pack/${name}`, content })),
    )
    const deploy = await deployWith(`${remote.url}/pack.tgz`)
    expect(deploy.state, deploy.output).toBe('succeeded')
    expect(await reportsOf(deploy.app)).toMatchObject([{ facts: { compiled_by: 'tarball' } }])
  })

  test('that the build may not reach, or that is not what it should be, ends with what to do', async () => {
    const { desktop, server } = hearth
    const refused = await deployWith(`http://${server.host}:9/pack.git`)
    expect(refused.state).toBe('failed')
    expect(refused.error).toMatch(/could not be fetched: .*HEARTH_BUILD_ALLOW has to name it/)
    const own = await deployWith('http://127.0.0.1:9/pack.tgz')
    expect(own.error).toMatch(/an address of the server itself/)
    remote.offer('/hostile.tgz', [{ name: '../../../etc/cron.d/hearth-evil', content: 'x' }])
    expect((await deployWith(`${remote.url}/hostile.tgz`)).error).toMatch(
      /hostile\.tgz can't be used.*'\.\.' could lead out/,
    )
    await server.exec(['test', '!', '-e', '/etc/cron.d/hearth-evil'])
    const update = desktop.calls['buildpacks.update']
    const withLogin = remote.url.replace('//', '//ann:geheim@')
    await expect(update({ ...desktop.of('warm-up'), buildpacks: [`${withLogin}/pack.git`] })).rejects.toThrow(
      /can't hold a user or a password/,
    )
  })
})
