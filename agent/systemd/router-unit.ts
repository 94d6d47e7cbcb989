import { HearthError } from '../contract/errors.ts'
import type { RouterKeeper } from '../core/ports/routing/router-keeper.ts'
import { SystemBus } from './system-bus.ts'

const unit = 'hearth-router.service'

/**
 * The router's unit. It is named here and not asked of the router, which faces the world: a process number of its would
 * let it choose what root signals.
 */
export const routerUnit: RouterKeeper = {
  async restart() {
    const bus = new SystemBus({ onChange: () => {}, onRemoved: () => {} }, () => {})
    await bus.open()
    try {
      const result = await bus.restartUnit(unit)
      if (result !== 'done') throw new HearthError('internal', `systemd could not restart ${unit}: ${result}.`)
    } finally {
      bus.close()
    }
  },
}
