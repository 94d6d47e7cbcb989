import type {
  CallName,
  CallParameters,
  CallResult,
  Deploy,
  DeployStage,
  WatchedFolder,
} from '../../../electron/bridge/contract.ts'
import { type FakeBridge, fail, findApp } from './fake-bridge.ts'
import { addRelease, ago, syncDynos, uuid } from './fake-world.ts'

type DeployCalls = {
  [N in Extract<CallName, `deploys.${string}` | `uploads.${string}`>]: (
    parameters: CallParameters<N>,
  ) => CallResult<N> | Promise<CallResult<N>>
}

const stages: [DeployStage, number][] = [
  ['scan', 200],
  ['send', 900],
  ['queue', 100],
  ['build', 4000],
  ['release', 1200],
]

export function fakeDeploys(fake: FakeBridge): DeployCalls {
  const { world } = fake
  const watched = new Map<string, WatchedFolder>()
  watched.set('this-computer field-notes', {
    ...{ path: '/home/ada/Nextcloud/field-notes', isOn: true, state: 'watching', obstacle: null },
    last: {
      at: ago(14),
      state: 'failed',
      version: null,
      error: 'The build failed: npm error Missing: chart@5 from lock file',
    },
  })
  const start = (target: { serverId: string; app: string }) => {
    const app = findApp(world, target)
    const deploy: Deploy = {
      id: uuid(),
      serverId: app.serverId,
      appId: app.app.id,
      appName: app.app.name,
      stage: 'scan',
      state: 'running',
      startedAt: ago(0),
      endedAt: null,
      stageMs: {},
      files: { total: 148, sent: 0 },
      bytes: { total: 1_884_233, sent: 0 },
      step: null,
      release: null,
      url: null,
      error: null,
    }
    world.deploys.unshift(deploy)
    void runDeploy(fake, deploy)
    return deploy
  }
  return {
    'deploys.preview': ({ folder, project }) => ({
      suggestedName: folder.kind === 'sample' ? folder.name : 'corner-shop',
      files: 148,
      totalBytes: 1_884_233,
      biggest: [
        { path: 'public/img/hero.jpg', sizeBytes: 812_004 },
        { path: 'package-lock.json', sizeBytes: 214_882 },
        { path: 'public/fonts/inter-var.woff2', sizeBytes: 118_233 },
      ],
      leftOut: [
        { path: 'node_modules', reason: 'installed by the build' },
        { path: '.git', reason: 'history is not source' },
        { path: '.env', reason: 'listed in .gitignore' },
      ],
      ...(project === 'api'
        ? { language: 'Go', buildpack: 'hearth/go', recognisedBy: ['go.mod'], processTypes: { web: 'bin/api' } }
        : {
            ...{ language: 'Node.js', buildpack: 'hearth/node', recognisedBy: ['package.json'] },
            processTypes: { web: 'node server.js', worker: 'node worker.js --queue orders' },
          }),
      asked: null,
      // A repository may hold several apps.
      projects: folder.kind === 'checkout' ? [{ path: 'api', language: 'Go' }] : [],
      warnings: [
        'package.json names no Node version; the newest LTS (24) will be used. Set "engines": {"node": "24.x"} to pin it.',
      ],
    }),
    'deploys.start': start,
    'deploys.startImage': start,
    'deploys.watched': ({ serverId, app }) => watched.get(`${serverId} ${app}`) ?? null,
    'deploys.watch': ({ serverId, app, path, isOn }) => {
      if (isOn && path.endsWith('/gone')) throw fail('not_found', `There is no folder ${path}.`)
      const last = watched.get(`${serverId} ${app}`)?.last ?? null
      watched.set(`${serverId} ${app}`, { path, isOn, state: isOn ? 'watching' : 'off', obstacle: null, last })
      fake.changed('deploys')
      return watched.get(`${serverId} ${app}`) ?? null
    },
    'deploys.list': ({ serverId, app }) =>
      world.deploys.filter((deploy) => (!serverId || deploy.serverId === serverId) && (!app || deploy.appName === app)),
    'deploys.cancel': ({ deployId }) => {
      const deploy = world.deploys.find(({ id }) => id === deployId)
      if (!deploy) throw fail('not_found', 'That deploy is over.')
      Object.assign(deploy, { state: 'cancelled', endedAt: ago(0) })
      fake.changed('deploys')
      return deploy
    },
    'uploads.create': ({ name }) => ({ uploadId: `upload-${name}` }),
  }
}

async function runDeploy(fake: FakeBridge, deploy: Deploy): Promise<void> {
  const app = findApp(fake.world, { serverId: deploy.serverId, app: deploy.appName })
  for (const [stage, ms] of stages) {
    deploy.stage = stage
    if (stage === 'release') deploy.step = 'wait until they listen'
    const ticks = stage === 'send' ? 6 : 1
    for (let tick = 1; tick <= ticks; tick++) {
      await new Promise((resolve) => setTimeout(resolve, (ms * fake.world.pace) / ticks))
      if (deploy.state !== 'running') return
      if (stage === 'send') {
        deploy.files.sent = Math.round((148 * tick) / ticks)
        deploy.bytes.sent = Math.round((1_884_233 * tick) / ticks)
      }
      fake.changed('deploys')
    }
    deploy.stageMs[stage] = ms
  }
  if (app.formation.length === 0)
    app.formation.push({ type: 'web', command: 'node server.js', quantity: 1, size: 'standard-1x' })
  syncDynos(app)
  const made = addRelease(app, 'Deploy 4be21c9', 0)
  const url = `http://${app.app.name}.localhost:18080`
  Object.assign(deploy, { stage: 'done', state: 'succeeded', step: null, endedAt: ago(0), release: made.release, url })
  fake.changed('deploys')
  fake.changed('releases', app)
}
