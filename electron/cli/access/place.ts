import type { Agent } from '../../core/ports/agent.ts'
import { appOption, type Call, type CommandOptions } from '../command.ts'

export const placeOptions: CommandOptions = {
  ...appOption,
  everywhere: { type: 'boolean', summary: 'the whole server, and so each of its apps' },
}

/** An app, or a server as a whole. */
export interface AccessPlace {
  readonly agent: Agent
  /** Null: the whole server. */
  readonly app: { readonly id: string } | null
  /** As sentences name it. */
  readonly name: string
}

export async function findPlace({ values, session: open }: Call): Promise<AccessPlace> {
  const session = await open()
  if (!values.has('everywhere')) {
    const { agent, app } = await session.app(values)
    return { agent, app, name: app.name }
  }
  const server = session.server(values.text('server'))
  return { agent: await session.agent(server.id), app: null, name: `the server ${server.name}` }
}
