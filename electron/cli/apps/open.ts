import { HearthError } from '../../../agent/contract/errors.ts'
import { startChild } from '../../exec/spawn.ts'
import { type Command, serverOption } from '../command.ts'
import { untilInterrupted } from '../until-interrupted.ts'
import { urlOf } from './url.ts'

const open: Command = {
  name: 'open',
  parameters: '[APP]',
  summary: 'an app in the browser; without the desktop this command leads there until Ctrl-C',
  options: {
    ...serverOption,
    'no-browser': { type: 'boolean', summary: 'only says the address' },
  },
  words: [0, 1],
  async run(call) {
    const session = await call.session()
    const place = await session.app(call.values, call.words[0])
    const known = await urlOf(session, place)
    session.warnIfTemporary()
    const url = known ?? (await session.core.openGateway()).urlOf(place.app.name)
    const { console } = call
    await console.write(console.isJson ? `${JSON.stringify({ app: place.app.name, url })}\n` : `${url}\n`)
    if (!call.values.has('no-browser')) await openBrowser(url)
    // Nobody else would answer there.
    if (known === null || session.core.isEmbeddedOwner()) await untilInterrupted(call)
    return undefined
  },
}

async function openBrowser(url: string): Promise<void> {
  const programs: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
    darwin: ['open', url],
    win32: ['rundll32', 'url.dll,FileProtocolHandler', url],
  }
  try {
    await startChild(programs[process.platform] ?? ['xdg-open', url], { stdio: ['ignore', 'ignore', 'ignore'] })
  } catch (error) {
    // The address was said; a machine without a browser is no failure.
    if (!(error instanceof HearthError)) throw error
  }
}

export const openCommands: readonly Command[] = [open]
