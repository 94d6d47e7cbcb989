import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sentences } from '../../agent/dyno-runner-contract.ts'
import type { Server } from '../../servers/server.ts'
import { debianSuites, type Suite } from '../../servers/suites.ts'
import { isAllAsked } from '../../tooling/scope.ts'
import { bootDynoServer, runInside } from './dyno-server.ts'

interface Proof {
  readonly sentence: string
  readonly failure: string | null
}

describe.each(debianSuites)('the systemd runner on Debian %s', (suite) => {
  let server: Server
  let proofs: Proof[] = []
  let podmanProofs: Proof[] = []
  const inPodman = podmanSentences(suite)
  beforeAll(async () => {
    server = await bootDynoServer(suite)
    proofs = await runInside<Proof>(server, 'contract')
    if (inPodman.length > 0) podmanProofs = await runInside<Proof>(server, 'contract', '--podman', ...inPodman)
  })
  afterAll(() => server?.destroy())

  test.each(sentences.map(({ sentence }) => sentence))('%s', (sentence) => expectProved(proofs, sentence))

  test('leaves nothing of dynos that ended', async () => {
    expect((await server.exec(['sh', '-c', look])).stdout).toBe('')
  })

  if (inPodman.length > 0)
    describe('with podman', () => {
      test.each(inPodman)('%s', (sentence) => expectProved(podmanProofs, sentence))

      test('leaves nothing of dynos that ended, and the server as it was', async () => {
        const settings = 'CONTAINERS_CONF=/run/hearth/podman/containers.conf'
        const storage = 'CONTAINERS_STORAGE_CONF=/run/hearth/podman/storage.conf'
        const kept = `${settings} ${storage} podman ps --all --quiet`
        expect((await server.exec(['sh', '-c', `${look}; ${kept}`])).stdout).toBe('')
        // Podman's runtime gives the container's user whatever it takes for /dev/null.
        expect((await server.exec(['stat', '--format=%U %a', '/dev/null'])).stdout).toBe('root 666\n')
      })
    })
})

const look = `ls /run/hearth/dynos; mount | grep hearth-dyno; systemctl list-units --all --no-legend 'hearth-dyno-*.service'`

function expectProved(proofs: readonly Proof[], sentence: string): void {
  const proof = proofs.find((one) => one.sentence === sentence)
  expect(proof, 'it was not tried').toBeDefined()
  expect(proof?.failure).toBeNull()
}

/** Each start takes podman some 100 ms more: the usual run has one system, and what podman does in a way of its own. */
function podmanSentences(suite: Suite): string[] {
  const all = sentences.map(({ sentence }) => sentence)
  if (isAllAsked) return all
  if (suite !== debianSuites[0]) return []
  const telling = [
    'a web dyno listens on its port and answers',
    'output arrives whole and in order, from both streams, before the exit',
    'an exit status is reported',
    'the signal that ended a dyno is reported',
    'a dyno that goes over its memory is reported as such',
    'stop asks with SIGTERM and leaves time to finish',
    'stop kills what does not end within the grace, and all it started',
    'config vars arrive exactly as they were set',
    'what a dyno writes is gone at its next start, and the slug is unchanged',
    'a one-off on a terminal knows its size, sees resizes and reports its status',
    'the end of the input reaches the program, through pipes and at a terminal',
    'a command inside a dyno has its files, its network and its environment, and is not its process',
    'what runs inside a dyno ends with it, whatever it tries',
  ]
  const renamed = telling.filter((sentence) => !all.includes(sentence))
  if (renamed.length > 0) throw new Error(`The contract has no such sentence any more: ${renamed.join('; ')}`)
  return telling
}
