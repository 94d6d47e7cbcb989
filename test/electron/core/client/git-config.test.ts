import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  renderGitConfig,
  renderGitCredentials,
  renderOwnGitConfig,
} from '../../../../electron/core/client/git-config.ts'
import { renderKnownHosts, renderSshConfig } from '../../../../electron/core/client/ssh-config.ts'
import { find } from './find.ts'

let folder: string
const at = (name: string) => path.join(folder, name)
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), `hearth "it's" $x `))
})
afterEach(() => rm(folder, { recursive: true }))

const host = '127.0.0.1:8801'

function git(...parameters: string[]): string {
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_GLOBAL: at('gitconfig'), GIT_CONFIG_NOSYSTEM: '1' }
  return execFileSync('git', parameters, { cwd: folder, env, encoding: 'utf8' })
}

async function write(existing = ''): Promise<void> {
  await writeFile(
    at('user'),
    '[user]\n\tname = Ann\n[credential]\n\thelper = !echo never\n[http]\n\tproxy = http://corp:1\n',
  )
  const parts = { hosts: [host], userConfigs: [at('missing'), at('user')], ownConfig: at('own') }
  await writeFile(at('gitconfig'), renderGitConfig(existing, parts))
  const places = { authority: at('ca.pem'), credentials: at('credentials') }
  await writeFile(at('own'), renderOwnGitConfig([host], places))
  await writeFile(at('credentials'), renderGitCredentials([host], 'T-_0'), { mode: 0o600 })
}

describe.runIf(find('git'))('the git of a terminal of ours', () => {
  test("has the user's own configuration, and ours for the gateway's address only", async () => {
    await write()
    expect(git('config', 'user.name')).toBe('Ann\n')
    const url = (name: string, of: string) => git('config', '--get-urlmatch', name, of).trim()
    expect(url('http.sslCAInfo', `https://${host}/shop.git`)).toBe(at('ca.pem'))
    expect(url('http.proxy', `https://${host}/shop.git`)).toBe('')
    expect(url('http.proxy', 'https://github.com/x')).toBe('http://corp:1')
    expect(() => url('http.sslCAInfo', 'https://github.com/x')).toThrow()
  })

  test('answers the question who one is from our file, and asks no other helper', async () => {
    await write()
    const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_GLOBAL: at('gitconfig'), GIT_CONFIG_NOSYSTEM: '1' }
    const input = `protocol=https\nhost=${host}\n\n`
    const answer = execFileSync('git', ['credential', 'fill'], { cwd: folder, env, input, encoding: 'utf8' })
    expect(answer).toContain('username=heroku\npassword=T-_0\n')
    expect(answer).not.toContain('never')
  })

  test('shows the client its own helper where it looks for it, so that it writes nothing', async () => {
    await write()
    const key = `credential.https://${host}.helper`
    expect(git('config', '--global', '--get', key)).toBe('!heroku git:credentials\n')
  })

  test('keeps what git was told to remember, when it is written anew', async () => {
    await write()
    git('config', '--global', 'user.email', 'ann@example.com')
    await write(await readFile(at('gitconfig'), 'utf8'))
    await write(await readFile(at('gitconfig'), 'utf8'))
    expect(git('config', 'user.email')).toBe('ann@example.com\n')
    expect((await readFile(at('gitconfig'), 'utf8')).match(/>>> Hearth/g)).toHaveLength(1)
  })
})

describe('ssh for git', () => {
  const servers = [
    {
      id: 's1',
      host: '203.0.113.5',
      hostKeys: [
        { type: 'ssh-ed25519', blob: 'AAAA' },
        { type: 'ssh-rsa', blob: 'BBBB' },
      ],
    },
    { id: 's2', host: 'nas', hostKeys: [{ type: 'ssh-ed25519', blob: 'CCCC' }] },
  ]

  test('trusts the host keys that were trusted in Hearth, under names that nothing else has', () => {
    expect(renderKnownHosts(servers)).toBe(
      'hearth-s1 ssh-ed25519 AAAA\nhearth-s1 ssh-rsa BBBB\nhearth-s2 ssh-ed25519 CCCC\n',
    )
  })

  test.runIf(find('ssh'))(
    "uses the desktop's key for Hearth's user alone, and the user's own settings beside it",
    async () => {
      await writeFile(
        at('user'),
        'Host nas\n  HostName 10.0.0.7\n  ProxyJump bastion\nHost *\n  User ann\n  IdentityFile /home/ann/own\n',
      )
      const parts = {
        servers,
        user: 'hearth',
        identity: at('id 100%'),
        knownHosts: at('known'),
        userConfigs: [at('user')],
      }
      await writeFile(at('config'), renderSshConfig(parts))
      const ask = (target: string) => execFileSync('ssh', ['-G', '-F', at('config'), target], { encoding: 'utf8' })
      const ours = ask('hearth@nas')
      expect(ours).toContain('\nhostname 10.0.0.7\n')
      expect(ours).toContain('\nproxyjump bastion\n')
      expect(ours).toContain(`\nidentityfile ${at('id 100%%')}\n`)
      expect(ours).toContain('\nhostkeyalias hearth-s2\n')
      expect(ours).toContain('\nstricthostkeychecking true\n')
      expect(ours).toContain('\nidentitiesonly yes\n')
      for (const other of [ask('nas'), ask('git@github.com'), ask('hearth@github.com')]) {
        expect(other).not.toContain('hearth-s')
        expect(other).toContain('\nidentityfile /home/ann/own\n')
      }
    },
  )
})
