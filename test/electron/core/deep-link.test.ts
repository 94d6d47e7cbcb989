import { expect, test } from 'vitest'
import { parseDeepLink } from '../../../electron/core/deep-link.ts'

test('the three kinds of links open an app, a deploy or a server’s form', () => {
  expect(parseDeepLink('hearth://apps/corner-shop')).toEqual({ kind: 'app', app: 'corner-shop' })
  const repository = 'https://github.com/ann/shop.git'
  expect(parseDeepLink(`hearth://deploy?repository=${encodeURIComponent(repository)}`)).toEqual({
    kind: 'deploy',
    repository,
  })
  expect(parseDeepLink('hearth://deploy?repository=git@example.com:ann/shop.git')).toEqual({
    kind: 'deploy',
    repository: 'git@example.com:ann/shop.git',
  })
  expect(parseDeepLink('hearth://servers/add?address=root@box.example.net:2222')).toEqual({
    kind: 'add-server',
    address: 'root@box.example.net:2222',
  })
  expect(parseDeepLink('hearth://servers/add?address=[2001:db8::1]:22')?.kind).toBe('add-server')
})

test.each([
  'http://apps/corner-shop',
  'hearth:apps/corner-shop',
  'hearth://apps',
  'hearth://apps/',
  'hearth://apps/Corner%20Shop',
  'hearth://apps/corner-shop/destroy',
  'hearth://apps/corner-shop?destroy=yes',
  'hearth://apps/corner-shop#x',
  'hearth://user@apps/corner-shop',
  'hearth://apps:80/corner-shop',
  'hearth://apps/../deploy',
  'hearth://deploy',
  'hearth://deploy?repository=',
  'hearth://deploy?repository=file:///etc',
  'hearth://deploy?repository=ext::sh%20-c%20id',
  'hearth://deploy?repository=https://ann:secret@example.com/a.git',
  'hearth://deploy?repository=-oProxyCommand=id',
  'hearth://deploy?repository=https://example.com/a.git&app=shop',
  'hearth://deploy?repository=https://example.com/a.git&repository=https://example.com/b.git',
  'hearth://servers/add?address=-oProxyCommand=id',
  'hearth://servers/add?address=box%20-p%2022',
  'hearth://servers/add?address=box%0Arm',
  'hearth://servers/remove?address=box',
  'hearth://servers/add?address=box&install=yes',
  `hearth://deploy?repository=https://example.com/${'a'.repeat(2000)}`,
])('%s opens nothing', (text) => {
  expect(parseDeepLink(text)).toBe(null)
})
