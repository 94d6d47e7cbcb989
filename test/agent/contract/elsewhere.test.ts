import { describe, expect, it, test } from 'vitest'
import { requireEndpoint } from '../../../agent/api/match.ts'
import { findTopic, topics } from '../../../agent/contract/elsewhere/elsewhere.ts'

describe('a request for what is not here', () => {
  it.each([
    ['GET', '/client/v11/databases/1/wait_status', 'Postgres'],
    ['POST', '/postgres/v0/databases/x/credentials', 'Postgres'],
    ['GET', '/redis/v0/databases/x', 'Redis'],
    ['POST', '/apps/shop/addons', 'Add-ons'],
    ['GET', '/addons/x', 'Add-ons'],
    ['POST', '/actions/addons/resolve', 'Add-ons'],
    ['GET', '/addons/x/addon-attachments', 'Attachments of add-ons'],
    ['POST', '/actions/addon-attachments/resolve', 'Attachments of add-ons'],
    ['GET', '/apps/shop/pipeline-couplings', 'Pipelines, review apps and CI'],
    ['POST', '/teams/apps', 'Teams and enterprise accounts'],
    ['GET', '/spaces/x/nat', 'Private spaces'],
    ['DELETE', '/account', 'Account, billing and phone numbers'],
    ['DELETE', '/oauth/sessions/~', 'Sessions'],
    ['POST', '/oauth/authorizations', 'Logging in and out'],
    ['GET', '/oauth/authorizations/~', 'Authorizations'],
    ['GET', '/apps/shop/features/runtime-heroku-exec', 'A shell inside a running dyno (ps:exec)'],
    ['GET', '/apps/shop/builds/b/result', 'Results of builds as a resource'],
  ])('%s %s is known as: %s', (method, path, title) => {
    expect(findTopic(method, path)?.title).toBe(title)
  })

  it('is answered as not found, with what to do instead, and in Heroku’s word for the thing', () => {
    expect(() => requireEndpoint('POST', '/apps/shop/addons')).toThrow(
      expect.objectContaining({
        id: 'not_found',
        resource: 'add_on',
        message: expect.stringContaining('DATABASE_URL'),
      }),
    )
    expect(() => requireEndpoint('DELETE', '/oauth/sessions/~')).toThrow(
      expect.objectContaining({ resource: 'session' }),
    )
  })

  it('that is nothing of Heroku’s either is answered with where to look, and repeats no secret', () => {
    expect(() => requireEndpoint('GET', '/nonsense')).toThrow(/^GET \/nonsense: there is nothing\. docs\/heroku-comp/)
    expect(() => requireEndpoint('PUT', '/apps')).toThrow('PUT is not possible there')
    expect(() => requireEndpoint('DELETE', '/streams/very-secret')).toThrow(/streams\/\[redacted]/)
  })
})

it('a request that is answered is nowhere else', () => {
  expect(requireEndpoint('GET', '/teams').name).toBe('listTeams')
  expect(requireEndpoint('HEAD', '/apps/shop/addons').name).toBe('listAppAddons')
  for (const path of ['/apps', '/apps/shop', '/apps/shop/releases/v1', '/account', '/sources', '/server']) {
    expect(findTopic('GET', path), path).toBeNull()
  }
})

test('each sentence fits a line that the stock client prints', () => {
  for (const { instead } of topics) {
    expect(instead).toMatch(/^[A-Z][^\n]{20,240}$/)
  }
})
