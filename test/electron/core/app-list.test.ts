import { expect, test } from 'vitest'
import { AppList } from '../../../electron/core/app-list.ts'
import type { Agent } from '../../../electron/core/ports/agent.ts'

const release = { current: true, slug: { id: 'slug' }, version: 2 }

/** Answers with the named apps, each released once. */
function agentOf(names: readonly string[]): Agent {
  const answers: Record<string, unknown> = {
    listApps: names.map((name) => ({ id: name, name })),
    listReleases: [release],
    listDynos: [],
    listFormation: [],
  }
  return { call: async (name: string) => answers[name] } as unknown as Agent
}

test('an app whose name is on two servers has the name of its server in its address', async () => {
  const agents = { nas: agentOf(['shop', 'blog']), vps: agentOf(['shop']) }
  const servers = {
    names: () => Object.keys(agents).map((id) => ({ id, name: id, isOnline: true })),
    agent: (id: string) => agents[id as keyof typeof agents],
  }
  const apps: AppList = new AppList(servers as never, (server, app) =>
    apps.isAmbiguous(app) ? `${app}.${server}` : app,
  )
  const listed = await apps.list()
  expect(listed.map(({ url }) => url)).toEqual(['shop.nas', 'blog', 'shop.vps'])
})
