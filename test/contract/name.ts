// The name of the contract's walk's app: its domains, their certificates, another name, and what is at it in maintenance mode.
import { describe, expect, it } from 'vitest'
import { makeCertified } from '../agent/certificates/made.ts'
import { until } from '../tooling/until.ts'
import { readText, refused, visitHost } from './answers.ts'
import type { RealAgent } from './real-agent.ts'

/** `app` is one that runs. */
export function describeName({ app, real }: { app: string; real: () => RealAgent }): void {
  const agent = () => real().agent
  const visit = (host: string) => visitHost(real().routerPort, host)
  const read = (url: string) => readText(agent(), url)

  describe('its name', () => {
    it('can be joined by domains, each of one app only', async () => {
      await agent().call('createApp', {}, { name: 'other' })
      const add = (to: string, hostname: string) => agent().call('createDomain', { app: to }, { hostname })
      const domain = await add(app, 'www.example.com')
      expect((await visit('www.example.com')).body).toBe('hello')
      await expect(add('other', 'www.example.com')).rejects.toEqual(refused(422, 'another app'))
      await expect(add(app, 'www.example.com')).rejects.toEqual(refused(422, 'already added'))
      await expect(add('other', 'shop.localhost')).rejects.toEqual(refused(422, 'another app'))
      await expect(add(app, 'Not A Host')).rejects.toEqual(refused(422, 'host name'))
      expect(await agent().call('getDomain', { app, domain: domain.id })).toMatchObject({ hostname: 'www.example.com' })
      expect(await agent().call('listDomains', { app })).toHaveLength(2)
      const pair = await makeCertified('www.example.com')
      const request = { certificate_chain: pair.certificate, private_key: pair.key }
      const endpoint = await agent().call('createSniEndpoint', { app }, request)
      expect(await agent().call('getSniEndpoint', { app, sni_endpoint: endpoint.name })).toEqual(endpoint)
      expect(await agent().call('updateSniEndpoint', { app, sni_endpoint: endpoint.id }, request)).toMatchObject({
        id: endpoint.id,
      })
      expect(await agent().call('destroySniEndpoint', { app, sni_endpoint: endpoint.name })).toMatchObject({
        domains: [domain.id],
      })
      expect(await agent().call('listSniEndpoints', { app })).toEqual([])
      expect(await agent().call('updateTlsSettings', { app }, { hsts_seconds: 60 })).toEqual({
        https_only: false,
        hsts_seconds: 60,
      })
      expect(await agent().call('getTlsSettings', { app })).toMatchObject({ hsts_seconds: 60 })
      for (const [call, acm] of [
        ['enableAcm', true],
        ['refreshAcm', true],
        ['disableAcm', false],
      ] as const) {
        expect(await agent().call(call, { app })).toMatchObject({ acm })
      }
      const update = (body: { sni_endpoint: null }) =>
        agent().call('updateDomain', { app, domain: 'www.example.com' }, body)
      expect(await update({ sni_endpoint: null })).toEqual(domain)
      await expect(update({ sni_endpoint: 'gator' as never })).rejects.toEqual(refused(404, 'gator'))
      await agent().call('destroyDomain', { app, domain: 'www.example.com' })
      expect((await visit('www.example.com')).status).toBe(404)
    })

    it('can be joined by all names below a domain, and by one that is written as people do', async () => {
      const add = (hostname: string) => agent().call('createDomain', { app }, { hostname })
      expect(await add('*.wild.example.com')).toMatchObject({ hostname: '*.wild.example.com' })
      expect((await visit('any.wild.example.com')).body).toBe('hello')
      expect((await visit('wild.example.com')).status).toBe(404)
      await expect(add('*.com')).rejects.toEqual(refused(422, 'host name'))
      expect(await add('Bücher.Example.COM.')).toMatchObject({ hostname: 'xn--bcher-kva.example.com' })
      for (const domain of ['*.wild.example.com', 'bücher.example.com']) {
        await agent().call('destroyDomain', { app, domain })
      }
      expect((await visit('any.wild.example.com')).status).toBe(404)
    })

    it('can be changed: the new URL answers at once, the old one is free', async () => {
      await expect(agent().call('updateApp', { app }, { name: 'other' })).rejects.toEqual(refused(422, 'taken'))
      expect(await agent().call('updateApp', { app }, { name: 'store' })).toMatchObject({ name: 'store' })
      expect((await visit('store.localhost')).body).toBe('hello')
      expect((await visit('shop.localhost')).status).toBe(404)
      await agent().call('updateApp', { app: 'store' }, { name: app })
      expect((await visit('shop.localhost')).body).toBe('hello')
    })

    it('answers with a maintenance page while that is on', async () => {
      await agent().call('updateApp', { app }, { maintenance: true })
      expect(await visit('shop.localhost')).toMatchObject({ status: 503, body: expect.stringContaining('maintenance') })
      expect(await agent().call('updateApp', { app }, { maintenance: false })).toMatchObject({ maintenance: false })
      expect((await visit('shop.localhost')).status).toBe(200)
      await until(async () => {
        const { logplex_url } = await agent().call('createLogSession', { app }, { lines: 50 })
        const log = await read(logplex_url)
        expect(log).toContain('app[api]: Maintenance mode enabled by user ann@laptop')
        expect(log).toContain('heroku[router]: at=info code=H80 desc="Maintenance mode"')
        expect(log).toContain('app[api]: Maintenance mode disabled by user ann@laptop')
      })
    })
  })
}
