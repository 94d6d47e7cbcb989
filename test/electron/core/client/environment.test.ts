import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { clientFolder } from '../../../../electron/core/client/client-folder.ts'
import { clientEnvironment, type Environment } from '../../../../electron/core/client/environment.ts'
import { renderEnvironment } from '../../../../electron/core/client/render-environment.ts'
import { userGitConfigs, withoutOurs } from '../../../../electron/core/client/user-environment.ts'
import { find } from './find.ts'

const folder = clientFolder('/data/client', 'server-1')
const place = {
  ...{ folder, port: 8801, token: 'T', app: null, hasSsh: true, isForClientAlone: false },
  platform: 'linux' as const,
}
const of = (user: Environment = {}, more: Partial<typeof place> = {}) => clientEnvironment({ ...place, ...more }, user)

describe("the client's environment", () => {
  test('names this computer for every host that the client knows a variable for', () => {
    expect(of()).toEqual({
      HEROKU_HOST: 'http://127.0.0.1:8801',
      HEROKU_API_KEY: 'T',
      HEROKU_ANALYTICS_URL: 'http://127.0.0.1:8801',
      HEROKU_BUILDPACK_REGISTRY_URL: 'http://127.0.0.1:8801',
      HEROKU_CI_WEBSOCKET_URL: 'ws://127.0.0.1:8801/socket',
      HEROKU_DATA_HOST: '127.0.0.1',
      HEROKU_EXEC_URL: 'https://127.0.0.1:8801',
      HEROKU_GIT_HOST: '127.0.0.1:8801',
      HEROKU_LOGIN_HOST: 'http://127.0.0.1:8801',
      HEROKU_PARTICLEBOARD_URL: 'http://127.0.0.1:8801',
      PGDIAGNOSE_URL: '127.0.0.1',
      DISABLE_TELEMETRY: 'true',
      HEROKU_DISABLE_AUTOUPDATE: 'true',
      HEROKU_SKIP_NEW_VERSION_CHECK: 'true',
      HEROKU_CACHE_DIR: '/data/client/heroku/cache/server-1',
      HEROKU_CONFIG_DIR: '/data/client/heroku/config',
      HEROKU_DATA_DIR: '/data/client/heroku/data',
      HEROKU_APP: null,
      HEROKU_CLOUD: null,
      HEROKU_HEADERS: null,
      HEROKU_ORGANIZATION: null,
      HEROKU_TEAM: null,
      GIT_CONFIG_GLOBAL: '/data/client/gitconfig',
      NODE_EXTRA_CA_CERTS: '/data/client/authority.pem',
      HTTP_PROXY: 'http://127.0.0.1:8801',
      NO_PROXY: 'none.invalid',
      no_proxy: '127.0.0.1,localhost,::1',
    })
  })

  test('asks for the transport without ssh where there is no ssh', () => {
    expect(of({}, { hasSsh: false }).HEROKU_HEADERS).toBe('{"hearth-attach":"rendezvous"}')
  })

  test("keeps the user's own authorities beside ours", () => {
    const environment = of({ NODE_EXTRA_CA_CERTS: '/corp.pem', GIT_SSL_CAINFO: '/corp.pem' })
    expect(environment.NODE_EXTRA_CA_CERTS).toBe('/data/client/node-authorities.pem')
    expect(environment.GIT_SSL_CAINFO).toBe('/data/client/git-authorities.pem')
  })

  test("leaves the user's proxy to the programs that look at small letters, and the gateway to the client", () => {
    expect(of({ HTTP_PROXY: 'http://corp:3128', https_proxy: 'http://corp:3129' })).toMatchObject({
      HTTP_PROXY: 'http://127.0.0.1:8801',
      http_proxy: 'http://corp:3128',
      HTTPS_PROXY: 'http://127.0.0.1:8801',
      https_proxy: 'http://corp:3129',
    })
    expect(of({ HTTP_PROXY: 'http://corp:3128' }, { platform: 'win32' as 'linux' })).not.toHaveProperty('http_proxy')
  })

  test.each([
    ['corp.example, .lan', 'corp.example,.lan', 'corp.example,.lan,127.0.0.1,localhost,::1'],
    ['*', 'none.invalid', '*,127.0.0.1,localhost,::1'],
    [
      '.com,heroku.com,.heroku.com,telex.heroku.com,localhost,lan',
      'lan',
      '.com,heroku.com,.heroku.com,telex.heroku.com,localhost,lan,127.0.0.1,::1',
    ],
  ])('of the exceptions %s leaves the client those that let nothing by the gateway', (exceptions, client, others) => {
    expect(of({ NO_PROXY: exceptions })).toMatchObject({ NO_PROXY: client, no_proxy: others })
    expect(of({ no_proxy: exceptions })).toMatchObject({ NO_PROXY: client, no_proxy: others })
  })

  test('for the client alone leaves no way but the gateway', () => {
    const proxy = 'http://127.0.0.1:8801'
    expect(of({ https_proxy: 'http://corp:3128', no_proxy: 'lan' }, { isForClientAlone: true })).toMatchObject({
      ...{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy },
      // An empty one is no proxy at all to the Sentry of heroku 10.17.
      no_proxy: '127.0.0.1,localhost,::1',
    })
  })

  test('within a terminal of ours begins from what the user had', () => {
    const inner = { ...of({ NO_PROXY: 'lan' }), HOME: '/home/ann', HEROKU_APP: undefined } as Environment
    expect(withoutOurs(inner, folder)).not.toHaveProperty('HTTP_PROXY')
    expect(withoutOurs(inner, folder)).not.toHaveProperty('GIT_CONFIG_GLOBAL')
    expect(withoutOurs({ HTTP_PROXY: 'x' }, folder)).toEqual({ HTTP_PROXY: 'x' })
  })
})

test("git's own places of a user's configuration are known", () => {
  expect(userGitConfigs({}, '/home/ann')).toEqual(['/home/ann/.config/git/config', '/home/ann/.gitconfig'])
  expect(userGitConfigs({ XDG_CONFIG_HOME: '/x' }, '/home/ann')[0]).toBe('/x/git/config')
  expect(userGitConfigs({ GIT_CONFIG_GLOBAL: '/own' }, '/home/ann')).toEqual(['/own'])
})

const nasty = `it's "$HOME" \`x\` \\ $(y) %z é\nnew line`

describe('written for a shell', () => {
  test('it reads as this', () => {
    const change = { A: "it's", B: null }
    expect(renderEnvironment(change, 'sh')).toBe("export A='it'\\''s'\nunset B\n")
    expect(renderEnvironment(change, 'fish')).toBe("set -gx A 'it\\'s'\nset -e B\n")
    expect(renderEnvironment(change, 'powershell')).toBe(
      "$env:A = 'it''s'\nRemove-Item Env:B -ErrorAction SilentlyContinue\n",
    )
  })

  test.each(['sh', 'bash', 'zsh', 'dash'].filter(find))('%s reads back every value', (shell) => {
    const script = `${renderEnvironment({ A: nasty, B: null }, 'sh')}printf %s "$A"; printf %s "\${B-unset}"`
    expect(execFileSync(shell, ['-c', script], { env: { B: 'set' }, encoding: 'utf8' })).toBe(`${nasty}unset`)
  })

  test.runIf(find('fish'))('fish reads back every value', () => {
    const script = `${renderEnvironment({ A: nasty, B: null }, 'fish')}printf %s $A; set -q B; or printf unset`
    expect(execFileSync('fish', ['-c', script], { env: { B: 'set', HOME: '/tmp' }, encoding: 'utf8' })).toBe(
      `${nasty}unset`,
    )
  })
})
