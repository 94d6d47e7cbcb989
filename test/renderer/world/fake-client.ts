import type { CallName } from '../../../electron/bridge/contract.ts'
import { type Calls, type FakeBridge, fail, findApp } from './fake-bridge.ts'
import { ago, uuid } from './fake-world.ts'

type Names = Extract<CallName, `client.${string}` | `git.${string}` | `shells.${string}`>

/** How the heroku client and git reach the fake servers. */
export function fakeClient({ world }: FakeBridge): Pick<Calls, Names> {
  const portOf = (serverId: string) => 8800 + world.servers.findIndex(({ id }) => id === serverId)
  const hostOf = (serverId: string) => world.servers.find(({ id }) => id === serverId)?.host ?? 'localhost'
  let lastUse: { at: string; serverId: string; client: string } | null = {
    at: ago(0.05),
    serverId: 'atlas',
    client: 'heroku-cli/11.10.0 linux-x64',
  }
  let createdAt = ago(21)
  return {
    'client.get': ({ serverId }) => ({
      address: `http://127.0.0.1:${portOf(serverId)}`,
      movedFrom: serverId === 'cellar' ? 8791 : null,
      isServed: true,
      hasHeroku: true,
      shellCommand: `npm run hearth -- shell --server ${serverId}`,
      token: { createdAt, lastUse },
    }),
    'client.environment': ({ serverId }) => ({ text: `export HEROKU_HOST='http://127.0.0.1:${portOf(serverId)}'\n` }),
    'client.revokeToken': () => {
      lastUse = null
      createdAt = ago(0)
      return {}
    },
    'git.get': ({ serverId, app }) => {
      findApp(world, { serverId, app })
      const https = { form: 'https' as const, url: `https://127.0.0.1:${portOf(serverId)}/${app}.git` }
      const ssh = { form: 'ssh' as const, url: `hearth@${hostOf(serverId)}:${app}.git` }
      const isEmbedded = world.servers.find(({ id }) => id === serverId)?.kind === 'embedded'
      return { addresses: isEmbedded ? [https] : [https, ssh], lastFolder: `/home/ann/projects/${app}` }
    },
    'git.addRemote': ({ serverId, app, folder, name, form }) => {
      if (folder.endsWith('/empty'))
        throw fail(
          'bad_request',
          `${folder} is no folder that git keeps (fatal: not a git repository). Make it one with: git init`,
        )
      const url =
        form === 'https' ? `https://127.0.0.1:${portOf(serverId)}/${app}.git` : `hearth@${hostOf(serverId)}:${app}.git`
      const setting =
        form === 'https'
          ? 'git config --local --add include.path /home/ann/.local/share/hearth/client/hearth.gitconfig'
          : "git config --local core.sshCommand 'ssh -F /home/ann/.local/share/hearth/client/ssh-config'"
      return {
        ...{ id: uuid(), folder, name, url, replaced: null, notes: [] },
        commands: [setting, `git remote add ${name} ${url}`],
        undo: [`git remote remove ${name}`],
      }
    },
    'git.undoRemote': () => ({}),
    'git.branches': ({ location }) => {
      if (location.startsWith('http:'))
        throw fail('invalid_params', `"${location}" is no repository that can be deployed: git is let use no other.`)
      const branches = ['main', 'harvest-sale', 'next'].map((name, index) => ({
        name,
        commit: `${index}c0ffee`.repeat(6).slice(0, 40),
      }))
      return { url: location, name: 'corner-shop', branches, defaultBranch: 'main' }
    },
    'git.checkOut': ({ branch }) => ({
      ...{ checkoutId: uuid(), name: 'corner-shop', branch },
      ...{
        commit: '77e10fafc9d04c1b8a2f0d5b6c7e8f9a0b1c2d3e',
        subject: 'Round prices in the cart as the invoice does',
      },
    }),
    'shells.resize': () => ({}),
  }
}
