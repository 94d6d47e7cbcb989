import { HearthError } from '../contract/errors.ts'
import type { Server } from '../contract/server/server.ts'
import type { Context } from './context.ts'
import { serverResource } from './resources/server-resource.ts'

const pauseMs = 100
const patienceMs = 10_000

/** After an upgrade the old router serves on until this: agents come and go without it. */
export async function restartRouter(context: Context): Promise<Server> {
  await context.routerKeeper.restart()
  await untilItAnswers(context)
  context.events.changed('server', null)
  return serverResource(context)
}

async function untilItAnswers({ router, clock }: Context): Promise<void> {
  const deadline = clock.uptime() + patienceMs
  while (clock.uptime() < deadline) {
    const answers = await router.status().then(
      () => true,
      () => false,
    )
    if (answers) return
    await clock.delay(pauseMs, new AbortController().signal)
  }
  throw new HearthError(
    'unavailable',
    'The router was restarted and does not answer yet. "journalctl -u hearth-router" on the server says more.',
  )
}
