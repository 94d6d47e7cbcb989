import path from 'node:path'
import { HearthError } from '../../../agent/contract/errors.ts'
import { inheritedEnvironment } from '../../config.ts'
import { type Answer, appOption, type Call, type Command } from '../command.ts'

const remote: Command = {
  name: 'git remote',
  parameters: '[FOLDER]',
  summary: 'adds an app as a git remote to a folder (this one by default), so that git push deploys it',
  options: {
    ...appOption,
    name: { type: 'string', placeholder: 'NAME', summary: "the remote's name: heroku, and with --ssh hearth" },
    ssh: { type: 'boolean', summary: 'straight to the server, also while Hearth is not running' },
    https: { type: 'boolean', summary: 'through this computer, as the heroku client knows it; the default' },
  },
  words: [0, 1],
  async run(call) {
    const { values } = call
    if (values.has('ssh') && values.has('https'))
      throw new HearthError('bad_request', 'Say --ssh or --https, not both.')
    const form = values.has('ssh') ? 'ssh' : 'https'
    const session = await call.session()
    const { serverId, app } = await session.app(values)
    const { core } = session
    if (!core.apiPorts.get(serverId)) await core.openApiGateway()
    // What the remote's settings name must be there.
    await core.client.writeFiles(inheritedEnvironment())
    const name = values.text('name') ?? (form === 'ssh' ? 'hearth' : 'heroku')
    return render(await core.gitRemotes.add({ folder: folderOf(call), serverId, app: app.name, name, form }))
  },
}

const branch: Command = {
  name: 'git branch',
  parameters: '[NAME]',
  summary: "which branch's pushes are built; with a name, from now on that one",
  options: { ...appOption, reset: { type: 'boolean', summary: 'main or master again' } },
  words: [0, 1],
  async run({ words: [name], values, session: open }) {
    if (name !== undefined && values.has('reset'))
      throw new HearthError('bad_request', 'Say NAME or --reset, not both.')
    const { agent, app } = await (await open()).app(values)
    const isChange = name !== undefined || values.has('reset')
    const repository = isChange
      ? await agent.call('updateRepository', { app: app.id }, { deploy_branch: name ?? null })
      : await agent.call('getRepository', { app: app.id })
    const text = `${app.name} is built from ${repository.deploy_branches.join(' or ')}; other branches are kept.\n`
    return { data: repository, text }
  },
}

function folderOf({ directory, words }: Call): string {
  return path.resolve(directory, words[0] ?? '.')
}

function render(added: Awaited<ReturnType<Awaited<ReturnType<Call['session']>>['core']['gitRemotes']['add']>>): Answer {
  const { id: _, ...data } = added
  const done = added.commands.length === 0 ? ['Nothing to do: it is there already.'] : added.commands
  const text = [
    `${added.name} is ${added.url}`,
    ...done.map((command) => `  ${command}`),
    ...added.notes,
    `Deploy with: git push ${added.name} HEAD:main`,
    ...(added.undo.length === 0 ? [] : ['Take it back with:', ...added.undo.map((command) => `  ${command}`)]),
  ]
  return { data, text: `${text.join('\n')}\n` }
}

export const gitCommands: readonly Command[] = [remote, branch]
