import { HearthError } from '../../contract/errors.ts'
import { defaultDynoSize } from '../../core/dynos/dyno-size.ts'
import { logTexts, shellStatus } from '../../core/logs/log-texts.ts'
import type { Actor } from '../../core/ports/access/actor.ts'
import type { AppRow, AppSetupRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { oneOffNumber } from '../dynos/one-off-number.ts'
import { awaitExit } from '../runtime/dynos/await-exit.ts'
import { servingRelease } from '../runtime/routing/routes.ts'

/** Characters of the output that the setup keeps; the log has all of it. */
const keptCharacters = 64 * 1024

/** Runs a command once, as a one-off dyno of the release that serves. */
export async function runPostdeploy(
  context: Context,
  { app, actor }: { app: AppRow; actor: Actor },
  command: string,
): Promise<NonNullable<AppSetupRow['postdeploy']>> {
  const { store, dynos, logs } = context
  const release = servingRelease(store, app.id)
  if (!release) throw new HearthError('gone', `${app.name} is gone.`)
  logs.writeLine(app.id, 'api', logTexts.act(logTexts.starting(command), actor))
  let output = ''
  const { row, exit } = await dynos.start({
    app,
    release,
    name: `postdeploy.${oneOffNumber(context, app.id)}`,
    type: 'postdeploy',
    command,
    size: defaultDynoSize,
    kind: 'run',
    follow: (text) => {
      output = (output + text).slice(-keptCharacters)
    },
  })
  dynos.change(row.id, { kind: 'ready' })
  try {
    const ended = await awaitExit(context, { exit, what: 'postdeploy command' })
    return { output, exitCode: shellStatus(ended) }
  } catch (error) {
    if (!context.background.signal.aborted) void dynos.stop(row.id)
    throw error
  }
}
