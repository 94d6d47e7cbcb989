import { expect, test } from 'vitest'
import type { Deploy } from '../../electron/bridge/contract.ts'
import { describeEnd } from '../../renderer/lib/deploy-notice.ts'

const deploy = (more: Partial<Deploy>) =>
  ({ serverId: 'nas', appName: 'shop', state: 'succeeded', release: { version: 7 }, ...more }) as Deploy
const nas = { id: 'nas', name: 'nas' }
const box = { id: 'box', name: 'box' }

test('names the server where there are several', () => {
  expect(describeEnd(deploy({ url: 'http://shop.localhost' }), [nas, box])).toEqual({
    title: 'shop v7 serves on nas',
    message: 'http://shop.localhost',
  })
  expect(describeEnd(deploy({}), [nas]).title).toBe('shop v7 serves')
  expect(describeEnd(deploy({}), []).title).toBe('shop v7 serves')
})

test('of a failure tells the first line of the reason', () => {
  const failed = deploy({ state: 'failed', error: 'npm ci failed.\nThe lock file…' })
  expect(describeEnd(failed, [nas, box])).toEqual({
    title: 'The deploy of shop on nas failed',
    message: 'npm ci failed.',
  })
})
