import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GitClient } from '../../agent/git/git-client.ts'
import { eventually } from '../../servers/index.ts'
import { isAllAsked } from '../../tooling/scope.ts'
import { bootHearthServer, type HearthServer } from '../hearth-server.ts'
import { ask } from '../resilience/load.ts'
import { addressOf, openClient } from './ssh-git.ts'

// A history of a gigabyte, as grows where videos and models are committed (of a seventh of that unless all is asked for). What
// runs at its end is small.
const megabyte = 1024 * 1024
const app = 'shop'
const movies = isAllAsked ? 21 : 3

let hearth: HearthServer
let ann: GitClient
beforeAll(async () => {
  hearth = await bootHearthServer({ diskBytes: 6 * 1024 * megabyte })
  await hearth.desktop.calls['apps.create']({ serverId: hearth.desktop.serverId, name: app })
  ann = openClient(hearth, 'ann')
  await ann.init(addressOf(hearth, app))
  await ann.git('config', 'core.compression', '0')
  await ann.git('config', 'core.bigFileThreshold', '1m')
}, 400_000)
afterAll(() => hearth?.[Symbol.asyncDispose]())

const onServer = async (script: string) => (await hearth.server.exec(['sh', '-c', script])).stdout.trim()
/** The most that the agent has ever held, in MB. */
const agentPeak = async () =>
  Number(await onServer('grep VmHWM /proc/$(systemctl show -P MainPID hearth-agent)/status | tr -dc 0-9')) / 1024
const filesOf = (text: string) => ({
  Procfile: 'web: node server.js\n',
  'package.json': '{ "engines": { "node": "24.x" } }',
  'server.js': `require('http').createServer((q, s) => s.end('${text}')).listen(process.env.PORT)`,
})
const answer = async () => (await ask({ host: hearth.server.host, port: 80, hostname: `${app}.localhost` })).body

describe(`a repository of ${movies * 50} MB`, () => {
  test('is pushed and deployed, and the agent holds none of it', { timeout: 600_000 }, async () => {
    for (let number = 1; number <= movies; number += 1) {
      writeFileSync(path.join(ann.folder, 'movie.bin'), randomBytes(50 * megabyte))
      await ann.commit(`Cut ${number}`, filesOf(`cut ${number}`))
    }
    await ann.git('rm', '--quiet', 'movie.bin')
    await ann.commit('Keep movies elsewhere', filesOf('small'))
    const before = await agentPeak()
    const { status, text } = await ann.push()
    expect(text).toMatch(/remote: Verifying deploy\.\.\. done\./)
    expect(status).toBe(0)
    expect(await answer()).toBe('small')
    expect((await agentPeak()) - before).toBeLessThan(100)
    // Measured after the push, when git has tidied up.
    const size = async () => (await hearth.desktop.calls['repository.get'](hearth.desktop.of(app))).size
    await eventually(async () => (await size()) > movies * 50e6, 60_000, 'its size is not noted')
  })

  test('takes the next push, which is small', async () => {
    await ann.commit('Say more', filesOf('more'))
    const { status, text } = await ann.push('--progress', 'hearth', 'main')
    expect(text).toMatch(/Writing objects: 100% \(3\/3\), \d+ bytes/)
    expect(status).toBe(0)
    expect(await answer()).toBe('more')
  })

  test('is cloned whole, and without its history in a moment of its size', async () => {
    const shallow = openClient(hearth, 'shallow')
    await shallow.git('clone', '--quiet', '--depth', '1', `ssh://${addressOf(hearth, app).replace(':', '/')}`, '.')
    expect(await shallow.git('count-objects', '-vH')).toMatch(/size-pack: [\d.]+ KiB/)
    const whole = openClient(hearth, 'whole')
    await whole.git('clone', '--quiet', addressOf(hearth, app), '.')
    expect(await whole.git('rev-list', '--count', 'HEAD')).toBe(String(movies + 2))
    expect(await whole.git('rev-parse', 'HEAD~2:movie.bin')).toBe(await ann.git('rev-parse', 'HEAD~2:movie.bin'))
    expect(await whole.git('fsck', '--connectivity-only')).not.toMatch(/missing|error/)
  })
})
