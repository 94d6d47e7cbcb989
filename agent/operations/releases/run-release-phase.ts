import { releaseType } from '../../contract/dynos/formation.ts'
import { HearthError } from '../../contract/errors.ts'
import { defaultDynoSize } from '../../core/dynos/dyno-size.ts'
import { describeExit } from '../../core/dynos/dyno-state.ts'
import type { AppRow, ReleaseRow, SlugRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { oneOffNumber } from '../dynos/one-off-number.ts'
import { awaitExit } from '../runtime/dynos/await-exit.ts'
import type { Launch } from '../runtime/dynos/launch.ts'

/** Runs the `release` process type as a one-off dyno; anything but status 0 fails the release. */
export async function runReleasePhase(
  context: Context,
  { app, release, slug }: { app: AppRow; release: ReleaseRow; slug: SlugRow },
  signal: AbortSignal,
): Promise<void> {
  const { outputId } = release
  const follow = (text: string) => outputId && context.outputs.write(outputId, text)
  const launch: Launch = {
    app,
    release,
    name: `release.${oneOffNumber(context, app.id)}`,
    type: releaseType,
    command: slug.processTypes[releaseType] ?? '',
    size: defaultDynoSize,
    kind: 'release',
    follow,
  }
  try {
    const dyno = await context.dynos.start(launch)
    const exit = await awaitExit(context, { exit: dyno.exit, what: 'release command', signal })
    if (exit.status !== 0 || exit.signal !== null) {
      throw new HearthError('unavailable', `The release command ${describeExit(exit)}; the old release keeps serving.`)
    }
  } finally {
    if (outputId && !context.background.signal.aborted) context.outputs.finish(outputId)
  }
}
