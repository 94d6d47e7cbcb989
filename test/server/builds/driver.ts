// Runs on a test server: opens stack and builds as the agent does, builds one folder, prints one line of JSON.
import { randomUUID } from 'node:crypto'
import { createBuilds } from '../../../agent/builds/builds.ts'
import { keepReserve } from '../../../agent/builds/disk-reserve.ts'
import { openSystemdSandbox } from '../../../agent/builds/sandbox/systemd-sandbox.ts'
import { Secret } from '../../../agent/core/secret.ts'
import { parseStackArchives } from '../../../agent/stack/stack-offers.ts'
import { openStacks } from '../../../agent/stack/stacks.ts'
import { openBuildNetwork } from '../../../agent/systemd/network/build-network.ts'
import { ServerNetwork } from '../../../agent/systemd/network/server-network.ts'
import { sendFolder } from '../../agent/builds/send-folder.ts'
import { openLocalGit } from '../../agent/git/local-git.ts'
import type { BuildJob, BuildResult } from './build-on-server.ts'

const state = '/var/lib/hearth'
const job = JSON.parse(process.argv[2] ?? '{}') as BuildJob
const progress = { output: (text: string) => process.stderr.write(text), signal: new AbortController().signal }
const directories = { stackDirectory: `${state}/stacks`, layerDirectory: `${state}/layers` }
const network = new ServerNetwork({ folder: '/run/hearth', note: progress.output })
await network.open()
const named = Object.entries(job.archives ?? {}).map(([name, url]) => `${name}=${url}`)
const archives = parseStackArchives(named.join(' '))
const requireFree = keepReserve({ stateDirectory: state, buildLimits: job.limits ?? {} })
const stacks = await openStacks({ ...directories, registryUrl: job.registryUrl, archives, requireFree }, progress)
const builds = await createBuilds({
  stateDirectory: state,
  buildpackDirectory: '/opt/buildpacks',
  sandbox: await openSystemdSandbox({
    buildDirectory: `${state}/builds`,
    openNetwork: () => openBuildNetwork(network, job.destinations ?? []),
  }),
  stacks,
  allowsOwnAddresses: false,
  commits: await openLocalGit(`${state}/git`),
  environment: { NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt' },
  limits: job.limits ?? {},
  log: (message) => process.stderr.write(`${message}\n`),
})
const cancel = new AbortController()
let output = ''
const started = performance.now()
const result: BuildResult = { output: '', durationMs: 0 }
if (job.folder) {
  const appId = job.appId ?? randomUUID()
  try {
    const sourceUrl = await sendFolder(builds.sources, job.folder, appId)
    const request = {
      id: randomUUID(),
      app: { id: appId, name: 'sample' },
      stack: job.stack ?? stacks.names[0],
      sourceUrl,
      sourceChecksum: null,
      sourceVersion: 'abc',
      buildpacks: job.buildpacks ?? [],
      pins: {},
      current: null,
      configVars: new Secret(job.configVars ?? {}),
      output: (text: string) => {
        output += text
        process.stderr.write(text)
        if (job.cancelAt && output.includes(job.cancelAt)) cancel.abort()
      },
    }
    result.built = await builds.builder.build(request, cancel.signal)
    result.durationMs = performance.now() - started
    result.tree = await builds.slugs.open(result.built)
  } catch (error) {
    const { id, message, stack } = error as Error & { id?: string }
    result.error = { id: id ?? 'unexpected', message: id ? message : `${stack}` }
  }
}
if (job.keep) await builds.slugs.collect(job.keep, [])
await builds.close()
console.log(JSON.stringify({ ...result, output }))
