import type { Command } from '../command.ts'
import { formatMoment, renderTable } from '../table.ts'
import { findPlace, placeOptions } from './place.ts'

const activity: Command = {
  name: 'activity',
  summary: 'who did what to an app or a server, when, and by which key',
  options: placeOptions,
  async run(call) {
    const { agent, app } = await findPlace(call)
    const found = app
      ? await agent.call('listAppActivity', { app: app.id })
      : await agent.call('listServerActivity', {})
    const rows = found.map(({ created_at: at, user, description, key }) => [
      formatMoment(at),
      user.email,
      description,
      key ?? '-',
    ])
    return { data: found, text: renderTable(['when', 'who', 'what', 'key'], rows, 'Nothing yet.') }
  },
}

export const activityCommands: readonly Command[] = [activity]
