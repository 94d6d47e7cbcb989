// As many apps and dynos as one desktop is meant for: what `npm run bench -- window` measures screens with.
import { addRelease, type FakeWorld, fakeApp, makeServer, makeWorld } from './fake-world.ts'

export const largeApps = 500
export const largeDynos = 5000

/** 500 apps on four servers; one of them has 509 dynos, the others nine each. */
export function makeLargeWorld(): FakeWorld {
  const world = makeWorld(true)
  const servers = ['atlas', 'borealis', 'cellar', 'dune'].map((name) =>
    makeServer(name, 'ssh', { state: 'online', latencyMs: 14 }),
  )
  world.servers.push(...servers)
  const most = largeDynos - 9 * (largeApps - 1)
  for (let number = 1; number <= largeApps; number += 1) {
    const web = number === 1 ? most - 4 : 5
    const app = fakeApp(`app-${String(number).padStart(3, '0')}`, servers[number % 4]?.id ?? 'atlas', [
      { type: 'web', command: 'node server.js', quantity: web, size: 'standard-1x' },
      { type: 'worker', command: 'node worker.js', quantity: 4, size: 'standard-1x' },
    ])
    for (let release = 0; release < 4; release += 1)
      addRelease(app, `Deploy ${number}${release}ab`, number * 10 - release)
    world.apps.push(app)
  }
  world.pinnedApps = []
  return world
}
