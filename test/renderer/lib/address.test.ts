import { expect, test } from 'vitest'
import { addressOf } from '../../../renderer/lib/apps/address.ts'

const certificate = { origin: 'acme', expires_at: '2027-01-01T00:00:00Z', expires_soon: false } as const
const hostname = 'shop.example.com'

test('an address is https where the domain has a certificate, and names the port that the router has', () => {
  expect(addressOf({ hostname, certificate }, { port: 80 })).toBe('https://shop.example.com')
  expect(addressOf({ hostname, certificate: null }, { port: 80 })).toBe('http://shop.example.com')
  expect(addressOf({ hostname }, null)).toBe('http://shop.example.com')
  expect(addressOf({ hostname, certificate }, { port: 8080 })).toBe('http://shop.example.com:8080')
})

test('a wildcard is no address', () => {
  expect(addressOf({ hostname: '*.example.com', certificate }, { port: 80 })).toBeNull()
})
