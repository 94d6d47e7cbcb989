import { expect, test } from 'vitest'
import { answerDomains } from '../../../electron/bridge/topics/domains.ts'
import type { Agent } from '../../../electron/core/ports/agent.ts'

/** An agent that notes what it is asked. */
function openDomains() {
  const asked: unknown[][] = []
  const call = async (...parameters: unknown[]) => {
    asked.push(parameters)
    return { acm: true, https_only: false, hsts_seconds: null }
  }
  return { asked, domains: answerDomains({ names: () => [], agent: () => ({ call }) as unknown as Agent }) }
}
const target = { serverId: 'atlas', app: 'shop' }
const pems = { certificate_chain: 'chain', private_key: 'key' }

test('a certificate is added, or takes the place of the one that is named', async () => {
  const { asked, domains } = openDomains()
  await domains['certificates.upload']({ ...target, replaces: null, ...pems })
  await domains['certificates.upload']({ ...target, replaces: 'amber-harbor-204', ...pems })
  expect(asked).toEqual([
    ['createSniEndpoint', { app: 'shop' }, pems],
    ['updateSniEndpoint', { app: 'shop', sni_endpoint: 'amber-harbor-204' }, pems],
  ])
})

test('switches of https are changed where they are kept, and told as they are then', async () => {
  const { asked, domains } = openDomains()
  const told = await domains['httpsSettings.update']({ ...target, update: { acm: true } })
  expect(asked.map(([name]) => name)).toEqual(['enableAcm', 'getApp', 'getTlsSettings'])
  expect(told).toMatchObject({ acm: true, https_only: false })
  asked.length = 0
  await domains['httpsSettings.update']({ ...target, update: { https_only: true } })
  expect(asked[0]).toEqual(['updateTlsSettings', { app: 'shop' }, { https_only: true }])
})
