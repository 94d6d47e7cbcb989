import { expect, it } from 'vitest'
import { renderLogins } from '../../../../agent/builds/images/registry-logins.ts'

it('logins of several registries become podman’s file, whatever is in a password', () => {
  const auth = (login: string) => ({ auth: Buffer.from(login).toString('base64') })
  expect(JSON.parse(renderLogins(' ann:p@ss:w@reg.example:5000\n bob:x@ghcr.example '))).toEqual({
    auths: { 'reg.example:5000': auth('ann:p@ss:w'), 'ghcr.example': auth('bob:x') },
  })
})

it.each(['secret', 'ann@reg.example', '@reg.example', 'ann:secret@', 'ann:secret@reg.example/"x'])(
  '%j is refused, and not repeated',
  (text) => {
    expect(() => renderLogins(text)).toThrow('user:password@registry.example, several')
    expect(() => renderLogins(text)).not.toThrow('secret')
  },
)
