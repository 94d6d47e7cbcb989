import path from 'node:path'
import { HearthError } from '../../../agent/contract/errors.ts'
import { inheritedEnvironment, readUserShell } from '../../config.ts'
import type { PreparedClient } from '../../core/client/client-setup.ts'
import { findProgram } from '../../core/client/find-program.ts'
import { type EnvironmentSyntax, environmentSyntaxes, renderEnvironment } from '../../core/client/render-environment.ts'
import { planShellStart, writeStartFiles } from '../../core/client/shell-start.ts'
import type { ServerView } from '../../core/servers/servers.ts'
import { type CommandLine, startChild } from '../../exec/spawn.ts'
import { type Call, type Command, type CommandOptions, serverOption } from '../command.ts'

const clientOptions: CommandOptions = {
  ...serverOption,
  app: { type: 'string', short: 'a', placeholder: 'NAME', summary: 'the app that is meant where none is named' },
}

const env: Command = {
  name: 'env',
  summary: "what the heroku client's environment must be for a server: for eval, direnv and scripts",
  options: {
    ...clientOptions,
    strict: {
      type: 'boolean',
      summary: 'for starting the client alone: every other program is refused its way out too',
    },
    shell: { type: 'string', placeholder: environmentSyntaxes.join('|'), summary: 'how it is written; sh by default' },
  },
  async run(call) {
    const syntax = readSyntax(call.values.text('shell') ?? 'sh')
    const { environment } = await prepare(call, call.values.has('strict'))
    const isServed = await isServing(call)
    if (!isServed) call.console.note('Nothing serves there now. Start Hearth, or: hearth gateway')
    return { data: environment, text: renderEnvironment(environment, syntax) }
  },
}

const shell: Command = {
  name: 'shell',
  parameters: '[-- COMMAND...]',
  summary: 'a shell in which heroku and git speak to a server; or one command in the same environment',
  options: clientOptions,
  words: [0, Number.POSITIVE_INFINITY],
  takesCommandLine: true,
  async run(call) {
    const session = await call.session()
    const server = session.server(call.values.text('server'))
    const apis = await session.core.openApiGateway()
    // Whoever serves the API serves the apps, for the addresses that it tells.
    if (apis.addressOf(server.id)?.isServedHere) await session.core.openGateway()
    const [program, ...parameters] = call.words
    const prepared = await prepare(call, program !== undefined && path.parse(program).name === 'heroku')
    session.warnIfTemporary()
    const exitCode =
      program === undefined
        ? await runShell(call, server, prepared)
        : await runInTerminal(call, [program, ...parameters], prepared.environment)
    return { data: { exitCode }, text: '', exitCode }
  },
}

async function prepare(call: Call, isForClientAlone: boolean): Promise<PreparedClient> {
  const session = await call.session()
  const { id } = session.server(call.values.text('server'))
  const { client, apiPorts } = session.core
  // A server that was only just added has no port before somebody serves it.
  if (!apiPorts.get(id)) await session.core.openApiGateway()
  return client.prepare(id, call.values.text('app') ?? null, inheritedEnvironment(), isForClientAlone)
}

async function isServing(call: Call): Promise<boolean> {
  const session = await call.session()
  return session.core.isApiServed(session.server(call.values.text('server')).id)
}

async function runShell(
  call: Call,
  { name }: ServerView,
  { environment, folder, user }: PreparedClient,
): Promise<number> {
  const plan = planShellStart({ program: readUserShell(), serverName: name, environment, folder: folder.shell, user })
  await writeStartFiles(plan)
  if (!(await findProgram('heroku', user)))
    call.console.note('There is no heroku on this computer yet: npm install --global heroku')
  call.console.note(`heroku and git speak to ${name} here. Leave with: exit`)
  return runInTerminal(call, plan.command, plan.environment)
}

/** Ctrl-C is the program's; the end of the terminal, or of this command, is its end too. */
async function runInTerminal(
  { signal, leaveInterrupts }: Call,
  command: CommandLine,
  environment: Readonly<Record<string, string | null>>,
): Promise<number> {
  leaveInterrupts()
  const { child, exit } = await startChild(command, { environment, stdio: ['inherit', 'inherit', 'inherit'] })
  const stop = () => child.kill('SIGHUP')
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  return exit
}

function readSyntax(name: string): EnvironmentSyntax {
  const syntax = environmentSyntaxes.find((known) => known === name)
  if (syntax) return syntax
  const near = { bash: 'sh', zsh: 'sh', dash: 'sh', pwsh: 'powershell' }[name]
  if (near) return readSyntax(near)
  throw new HearthError('bad_request', `--shell is one of ${environmentSyntaxes.join(', ')}, not "${name}".`)
}

export const shellCommands: readonly Command[] = [shell, env]
