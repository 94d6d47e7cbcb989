import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import { AuthorityTrust } from '../../../../electron/core/trust/authority-trust.ts'
import { runChild } from '../../../../electron/exec/spawn.ts'

const authority = {
  ...{ certificate: 'PEM', fingerprint: 'AB:CD:EF:01:23:45:67:89', name: 'Hearth on nas', domains: ['local'] },
  expires_at: '2036-11-26T00:00:00Z',
}

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hearth-trust-'))
})
afterEach(() => rm(home, { recursive: true }))

const open = (platform: NodeJS.Platform = 'linux') =>
  new AuthorityTrust({
    ...{ platform, home, environment: { PATH: home }, fileOf: () => join(home, 'nas.pem') },
    run: ([program, ...rest]) => runChild([join(home, program), ...rest]),
  })

/** A server that has an authority, or makes one when it may. */
const agentOf = (has: boolean) => {
  const call = vi.fn(async (name: string) => {
    if (name === 'getAuthority' && !has) throw new HearthError('not_found', 'There is none.')
    return authority
  })
  return { agent: { call } as never, asked: () => call.mock.calls.map(([name]) => name) }
}

/** A store that writes down what it was told. */
async function installCertutil(status: number) {
  const program = join(home, 'certutil')
  await writeFile(program, `#!/bin/sh\necho "$@" >> "${home}/told"\necho 'bad database' >&2\nexit ${status}\n`)
  await chmod(program, 0o755)
}

test('what is shown is not done, and what an administrator has to do is never done', async () => {
  await installCertutil(0)
  const { agent, asked } = agentOf(true)
  const planned = await open().plan(agent, 'nas', 'trust')
  expect(planned.steps.map(({ state }) => state)).toEqual(['administrator', 'administrator', 'planned'])
  expect(planned.steps[2]?.command).toContain(`-n 'Hearth on nas' -i ${home}/nas.pem`)
  await expect(readFile(join(home, 'told'))).rejects.toThrow('ENOENT')
  const done = await open().carryOut(agent, 'nas', 'trust')
  expect(done.steps.map(({ state }) => state)).toEqual(['administrator', 'administrator', 'done'])
  expect(await readFile(join(home, 'told'), 'utf8')).toBe(
    `-d sql:${home}/.pki/nssdb -A -t C,, -n Hearth on nas -i ${home}/nas.pem\n`,
  )
  expect(await readFile(join(home, 'nas.pem'), 'utf8')).toBe('PEM')
  expect(asked()).not.toContain('createAuthority')
})

test('a store that refuses says why, and one whose program is missing is named', async () => {
  const { agent } = agentOf(true)
  expect((await open().carryOut(agent, 'nas', 'trust')).steps[2]).toMatchObject({
    ...{ state: 'missing', message: 'certutil is not installed on this computer.' },
  })
  await installCertutil(255)
  expect((await open().carryOut(agent, 'nas', 'distrust')).steps[2]).toMatchObject({
    ...{ state: 'failed', message: 'bad database' },
  })
})

test('a server makes its authority to be trusted, and not to be distrusted', async () => {
  const { agent, asked } = agentOf(false)
  await expect(open().plan(agent, 'nas', 'distrust')).rejects.toMatchObject({ id: 'not_found' })
  expect(asked()).not.toContain('createAuthority')
  expect((await open().plan(agent, 'nas', 'trust')).authority).toEqual(authority)
})

test('a command for Windows is quoted as its terminals read it', async () => {
  const { steps } = await open('win32').plan(agentOf(true).agent, 'nas', 'distrust')
  expect(steps[0]?.command).toBe('certutil -user -delstore Root "Hearth on nas"')
})
