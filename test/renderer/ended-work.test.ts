import { expect, test } from 'vitest'
import type { Deploy } from '../../electron/bridge/contract.ts'
import { describeDeploy, describeInstall } from '../../renderer/features/shell/ended-work.ts'
import type { Installation } from '../../renderer/stores/installations.ts'

const deploy = (more: Partial<Deploy>) =>
  ({ id: 'd1', serverId: 'nas', appName: 'shop', state: 'succeeded', release: { version: 7 }, ...more }) as Deploy
const nas = { id: 'nas', name: 'nas' }
const box = { id: 'box', name: 'box' }

test('a deploy names the server where there are several', () => {
  expect(describeDeploy(deploy({ url: 'http://shop.localhost' }), [nas, box])).toEqual({
    id: 'd1',
    isGood: true,
    title: 'shop v7 serves on nas',
    message: 'http://shop.localhost',
    route: { screen: 'app', serverId: 'nas', app: 'shop', tab: 'deploy' },
  })
  expect(describeDeploy(deploy({}), [nas])?.title).toBe('shop v7 serves')
  expect(describeDeploy(deploy({}), [])?.title).toBe('shop v7 serves')
})

test('of a failure the first line of the reason is told', () => {
  const failed = deploy({ state: 'failed', error: 'npm ci failed.\nThe lock file…' })
  const said = { isGood: false, title: 'The deploy of shop on nas failed', message: 'npm ci failed.' }
  expect(describeDeploy(failed, [nas, box])).toMatchObject(said)
})

test('nobody is told of what they stopped themselves, nor of what still runs', () => {
  expect(describeDeploy(deploy({ state: 'cancelled' }), [nas])).toBe(null)
  expect(describeDeploy(deploy({ state: 'running' }), [nas])).toBe(null)
})

test('an installation or upgrade is told as a deploy is', () => {
  const outcome = (state: object) => ({ outcome: state }) as Installation
  expect(describeInstall(nas, outcome({ state: 'running' }))).toBe(null)
  expect(describeInstall(nas, outcome({ state: 'done' }))).toMatchObject({
    isGood: true,
    title: 'Hearth is installed on nas',
  })
  const failed = outcome({
    state: 'failed',
    error: { id: 'x', message: 'The disk is full.\nFree some.', detail: null },
  })
  expect(describeInstall(nas, failed)).toMatchObject({
    title: 'The installation on nas stopped',
    message: 'The disk is full.',
    route: { screen: 'install-server', serverId: 'nas' },
  })
})
