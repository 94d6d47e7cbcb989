import type { Calls, FakeBridge } from './fake-bridge.ts'
import { ago, uuid } from './fake-world.ts'

/** What servers build and run apps on: stacks, and podman for images. */
export function fakeStacks({ world, changed }: FakeBridge) {
  return {
    'servers.podman': () => world.podman,
    'servers.installPodman': () => {
      world.podman = { ...world.podman, state: 'installing', problem: null, output: 'Setting up podman (4.3.1) ...\n' }
      changed('server')
      return world.podman
    },
    'servers.stacks': () =>
      ['debian-12', 'debian-13', 'container', 'cnb'].map((name, index) => ({
        ...{ id: uuid(), name, default: index === 0, state: 'public' },
        ...{ created_at: ago(9000), updated_at: ago(9000) },
      })),
  } satisfies Partial<Calls>
}
