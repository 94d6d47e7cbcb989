import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sentences } from '../../agent/dyno-runner-contract.ts'
import type { Server } from '../../servers/server.ts'
import { debianSuites } from '../../servers/suites.ts'
import { bootDynoServer, runInside } from './dyno-server.ts'

interface Proof {
  readonly sentence: string
  readonly failure: string | null
}

describe.each(debianSuites)('the systemd runner on Debian %s', (suite) => {
  let server: Server
  let proofs: Proof[] = []
  beforeAll(async () => {
    server = await bootDynoServer(suite)
    proofs = await runInside<Proof>(server, 'contract')
  }, 300_000)
  afterAll(() => server?.destroy())

  test.each(sentences.map(({ sentence }) => sentence))('%s', (sentence) => {
    const proof = proofs.find((one) => one.sentence === sentence)
    expect(proof, 'it was not tried').toBeDefined()
    expect(proof?.failure).toBeNull()
  })

  test('leaves nothing of dynos that ended', async () => {
    const look = `ls /run/hearth/dynos; mount | grep hearth-dyno; systemctl list-units --all --no-legend 'hearth-dyno-*.service'`
    expect((await server.exec(['sh', '-c', look])).stdout).toBe('')
  })
})
