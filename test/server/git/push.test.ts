import { cpSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GitClient } from '../../agent/git/git-client.ts'
import { bootHearthServer, fixture, type HearthServer } from '../hearth-server.ts'
import { addressOf, openClient } from './ssh-git.ts'

let hearth: HearthServer
let ann: GitClient
beforeAll(async () => {
  hearth = await bootHearthServer()
  await hearth.desktop.calls['apps.create']({ serverId: hearth.desktop.serverId, name: 'shop' })
  ann = openClient(hearth, 'ann')
  cpSync(fixture('node-hello'), ann.folder, { recursive: true })
  await ann.git('init', '--quiet', '--initial-branch=main', '.')
  await ann.git('remote', 'add', 'hearth', addressOf(hearth, 'shop'))
  await ann.commit('Say hello', {})
}, 300_000)
afterAll(() => hearth?.[Symbol.asyncDispose]())

describe('git push over SSH', () => {
  test('deploys', async () => {
    const { status, text } = await ann.push()
    console.log(text)
    console.log((await hearth.server.exec(['journalctl', '-u', 'hearth-agent', '-n', '30', '--no-pager'])).stdout)
    expect(text).toMatch(/Released v2/)
    expect(status).toBe(0)
  })
})
