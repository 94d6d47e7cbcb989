import { inheritedEnvironment } from '../../config.ts'
import type { ServerView } from '../../core/servers/servers.ts'
import type { Call, Command } from '../command.ts'
import type { Session } from '../session.ts'
import { renderRows } from '../table.ts'
import { untilInterrupted } from '../until-interrupted.ts'

const gateway: Command = {
  name: 'gateway',
  summary: "serves the servers' APIs and the apps to programs of this computer until Ctrl-C, as the desktop does",
  async run(call) {
    const session = await call.session()
    const served = await serve(session)
    const rows = served.map(({ name, url, note }) => [name, `${url}${note}`])
    const document = served.map(({ id, name, url, isServedHere }) => ({ id, name, url, isServedHere }))
    await call.console.write(call.console.isJson ? `${JSON.stringify(document)}\n` : renderRows(rows))
    session.warnIfTemporary()
    await untilInterrupted(call)
    return undefined
  },
}

async function serve({ core }: Session) {
  const [apis] = await Promise.all([core.openApiGateway(), core.openGateway()])
  return core.servers.list().map(({ id, name }: ServerView) => {
    const { port = 0, isServedHere = false } = apis.addressOf(id) ?? {}
    const movedFrom = core.apiPorts.get(id)?.movedFrom ?? null
    const note = !isServedHere
      ? ' (served by the Hearth that runs already)'
      : movedFrom === null
        ? ''
        : ` (another program has taken ${movedFrom})`
    return { id, name, url: `http://127.0.0.1:${port}`, isServedHere, note }
  })
}

const show: Command = {
  name: 'token show',
  summary: "the token that programs of this computer show to the gateway; it opens what this desktop's key opens",
  async run(call) {
    const { core } = await call.session()
    const { text, createdAt } = core.apiToken
    const lastUse = await core.apiToken.lastUse()
    return { data: { token: text, createdAt, lastUse }, text: `${text}\n` }
  },
}

const revoke: Command = {
  name: 'token revoke',
  summary: 'makes another token: the old one is refused from now on, and what it had opened is closed',
  async run(call: Call) {
    const { core } = await call.session()
    await core.client.revokeToken(inheritedEnvironment())
    const { createdAt } = core.apiToken
    const text =
      'The old token is refused from now on. Open terminals anew: hearth shell. Git remotes that Hearth added go on working.\n'
    return { data: { createdAt }, text }
  },
}

export const gatewayCommands: readonly Command[] = [gateway, show, revoke]
